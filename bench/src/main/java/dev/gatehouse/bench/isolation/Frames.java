package dev.gatehouse.bench.isolation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** As much of HTTP/2 as an attacker needs. */
final class Frames {
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int END_STREAM_AND_HEADERS = 0x5;
    private static final byte[] CANCEL = {0, 0, 0, 8};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The client's preface and empty settings. */
    Frames open() {
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        return this;
    }

    /** A whole GET on a stream. */
    Frames get(int stream, String path, String key) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        // of HPACK's static table: GET, http; literals without an index: path, authority, x-api-key
        head.write(0x82);
        head.write(0x86);
        head.write(0x04);
        text(head, path);
        head.write(0x01);
        text(head, "sandbox");
        head.write(0x00);
        text(head, "x-api-key");
        text(head, key);
        frame(HEADERS, END_STREAM_AND_HEADERS, stream, head.toByteArray());
        return this;
    }

    Frames reset(int stream) {
        frame(RST_STREAM, 0, stream, CANCEL);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        // lengths below 127 only
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        for (int shift = 16; shift >= 0; shift -= 8) {
            out.write(payload.length >> shift);
        }
        out.write(type);
        out.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(stream >> shift);
        }
        out.writeBytes(payload);
    }
}
