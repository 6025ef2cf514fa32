package dev.gatehouse.bench.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Streams of HTTP/2 whose heads are nearly right, with another request hidden in the body of some. */
final class FrameMutation {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final String[] NAMES = {
        ":method",
        ":path",
        ":scheme",
        ":authority",
        ":status",
        "host",
        "content-length",
        "content_length",
        "transfer-encoding",
        "connection",
        "x n",
        "x\r\ny",
        "x:y",
        "te",
        "upgrade",
        "gatehouse_caller",
        "Gatehouse-Caller",
        "x-a",
        "",
        "cookie",
        "expect"
    };
    private static final String[] VALUES = {
        "GET",
        "POST",
        "TRACE",
        "/v2/account/limits",
        "/v2/listings/%61",
        "/v2/b c",
        "/v2/a\r\nX-B: c",
        "*",
        "http",
        "a",
        "5",
        "0",
        "chunked",
        "close",
        "a\0b",
        " a",
        "a\n",
        "trailers",
        "100-continue",
        "",
        "forged",
        "a".repeat(9_000)
    };
    private static final byte[] HIDDEN =
            "GET /v2/account/limits HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String key;
    private final RandomGenerator chance;

    /** @param key a key that works, so that some requests get past the edge */
    FrameMutation(String key, RandomGenerator chance) {
        this.key = key;
        this.chance = chance;
    }

    /** What a client says first. */
    static byte[] preface() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0], out);
        return out.toByteArray();
    }

    /** The next stream's frames. */
    byte[] next(int stream) {
        List<String> fields = new ArrayList<>(List.of(
                ":method",
                chance.nextBoolean() ? "GET" : "POST",
                ":scheme",
                "http",
                ":path",
                chance.nextBoolean() ? "/v2/account/limits" : "/v2/listings?limit=1",
                ":authority",
                "sandbox",
                "x-api-key",
                key));
        for (int i = chance.nextInt(4); i > 0; i--) {
            int at = 2 * chance.nextInt(fields.size() / 2 + 1);
            fields.add(at, VALUES[chance.nextInt(VALUES.length)]);
            fields.add(at, NAMES[chance.nextInt(NAMES.length)]);
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.size(); i += 2) {
            block.write(0x10);
            text(fields.get(i), block);
            text(fields.get(i + 1), block);
        }
        byte[] head = block.toByteArray();
        if (chance.nextInt(50) == 0) {
            head[chance.nextInt(head.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        boolean body = chance.nextBoolean();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(HEADERS, END_HEADERS | (body ? 0 : END_STREAM), stream, head, out);
        if (body) {
            frame(DATA, END_STREAM, stream, HIDDEN, out);
        }
        return out.toByteArray();
    }

    private static void frame(int type, int flags, int stream, byte[] payload, ByteArrayOutputStream out) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(stream >> shift);
        }
        out.writeBytes(payload);
    }

    /** A string literal that is not compressed (RFC 7541, 5.2). */
    private static void text(String text, ByteArrayOutputStream block) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = octets.length;
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            length -= 127;
            while (length >= 128) {
                block.write(length % 128 + 128);
                length /= 128;
            }
            block.write(length);
        }
        block.writeBytes(octets);
    }
}
