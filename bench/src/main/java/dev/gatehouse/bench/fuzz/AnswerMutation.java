package dev.gatehouse.bench.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Answers that are nearly right. The same seed and call give the same answer. */
final class AnswerMutation {
    private static final Changes CHANGES = new Changes(
            "\r\n",
            "\n",
            "\r",
            "\0",
            " ",
            "\t",
            ":",
            "\u00ff",
            "Content-Length: 0\r\n",
            "Content-Length: 5\r\n",
            "Content-Length: 500\r\n",
            "Content-Length: 18446744073709551619\r\n",
            "Content-Length: -1\r\n",
            "Content-Length : 3\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive\r\n",
            "Connection: content-length\r\n",
            "Upgrade: h2c\r\n",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "HTTP/1.1 102 Processing\r\n\r\n",
            "HTTP/1.1 199 X\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\n",
            "HTTP/1.2 ",
            " 600 ",
            "\r\n\r\n",
            "0\r\n\r\n",
            "0\r\n",
            "1\r\n",
            "ffffffff\r\n",
            "100000000\r\n",
            "10000000000000000\r\n",
            "10000000000000005\r\n",
            "-1\r\n",
            ";a=b",
            "X: " + "a".repeat(300) + "\r\n");

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final long seed;

    AnswerMutation(long seed) {
        this.seed = seed;
    }

    private static String[] seeds(String marker) {
        String marked = "X-Mark: " + marker + "\r\n";
        String length = marked + "Content-Length: " + marker.length() + "\r\n\r\n" + marker;
        return new String[] {
            OK + length,
            OK + marked + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(marker.length()) + "\r\n" + marker
                    + "\r\n0\r\n\r\n",
            OK + marked + "Transfer-Encoding: chunked\r\n\r\n5\r\n" + marker.substring(0, 5) + "\r\n"
                    + Integer.toHexString(marker.length() - 5) + ";x=y\r\n" + marker.substring(5) + "\r\n0\r\nX-T: "
                    + marker + "\r\n\r\n",
            OK + marked + "\r\n" + marker,
            OK + marked + "Content-Length: " + marker.length() * 2_000 + "\r\n\r\n" + marker.repeat(2_000),
            "HTTP/1.1 102 Processing\r\n" + marked + "\r\n" + OK + length,
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n" + marked + "\r\n" + marker,
            "HTTP/1.1 204 No Content\r\n" + length,
            "HTTP/1.1 304 Not Modified\r\n" + length,
            "HTTP/1.0 200 OK\r\n" + length,
            OK + length + OK + length,
            OK + length + "HTTP/1.1 404 Not Found\r\n" + length
        };
    }

    /** What is answered to a call. */
    byte[] of(long call) {
        SplittableRandom chance = new SplittableRandom(seed ^ call * 0x9e3779b97f4a7c15L);
        String[] seeds = seeds(Marker.of(call));
        byte[] bytes = seeds[chance.nextInt(seeds.length)].getBytes(StandardCharsets.ISO_8859_1);
        for (int i = chance.nextInt(0, 5); i > 0; i--) {
            bytes = CHANGES.change(bytes, chance);
        }
        return bytes;
    }
}
