package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.MultiMap;

/**
 * The head of a request as it goes to a service. Its framing is none of its headers': {@link #writeTo} adds that.
 *
 * @param target in origin form
 * @param headers without Host, Content-Length, Transfer-Encoding and Connection
 */
public record RequestHead(String method, String target, String host, MultiMap headers) {
    private static final int USUAL = 1_024;

    /**
     * Writes it with the given framing.
     *
     * @throws IllegalArgumentException when a part of it would end the line it stands in; nothing is to be sent then
     */
    void writeTo(ByteBuf out, BodyFraming framing) {
        out.ensureWritable(USUAL);
        token(out, method);
        out.writeByte(' ');
        visible(out, target);
        ascii(out, " HTTP/1.1\r\nHost: ");
        visible(out, host);
        ascii(out, "\r\n");
        headers.forEach((name, value) -> {
            token(out, name);
            ascii(out, ": ");
            value(out, value);
            ascii(out, "\r\n");
        });
        switch (framing) {
            case BodyFraming.None none -> {}
            case BodyFraming.Length(long octets) -> ascii(out, "Content-Length: " + octets + "\r\n");
            case BodyFraming.Chunked chunked -> ascii(out, "Transfer-Encoding: chunked\r\n");
        }
        ascii(out, "\r\n");
    }

    private static void token(ByteBuf out, String text) {
        boolean good = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            good &= AnswerLines.isTokenCharacter(text.charAt(i));
        }
        if (!good) {
            throw new IllegalArgumentException("a method or a header's name is no token");
        }
        ascii(out, text);
    }

    private static void visible(ByteBuf out, String text) {
        boolean good = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            good &= c > ' ' && c < 0x7f;
        }
        if (!good) {
            throw new IllegalArgumentException("a target or a host holds a character that cannot stand there");
        }
        ascii(out, text);
    }

    private static void value(ByteBuf out, String text) {
        boolean good = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            good &= (c >= ' ' || c == '\t') && c != 0x7f && c <= 0xff;
        }
        if (!good) {
            throw new IllegalArgumentException("a header's value holds a control character");
        }
        ascii(out, text);
    }

    /** One octet a character, as they came. */
    private static void ascii(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }
}
