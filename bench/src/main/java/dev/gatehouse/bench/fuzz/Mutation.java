package dev.gatehouse.bench.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Requests that are nearly right. */
final class Mutation {
    private static final Changes CHANGES = new Changes(
            "\r\n",
            "\n",
            "\r",
            "\0",
            " ",
            "\t",
            ":",
            "/",
            "..",
            "%2e",
            "%00",
            "%",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "\r\n\r\n",
            "HTTP/1.1",
            "GET ",
            "POST ",
            "0\r\n\r\n",
            "ffffffff\r\n",
            "-1",
            "Host: x\r\n",
            "Expect: 100-continue\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive\r\n",
            "Connection: content-length\r\n",
            "Connection: host, transfer-encoding\r\n",
            "Content_Length: 5\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Gatehouse_Caller: forged\r\n",
            "X_API_Key: forged\r\n",
            "X-A: b\r\n c\r\n",
            "100000000\r\n",
            "ffffffffffffffff\r\n",
            "1;a=b\r\n",
            "HTTP/1.0",
            "TRACE ",
            "FOO ",
            ";a=b",
            "%65",
            "%2565",
            "_",
            "Upgrade: h2c\r\n",
            "\u00ff",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "?",
            "#",
            "&a=b",
            "X".repeat(300));

    private final String[] seeds;
    private final RandomGenerator chance;

    /** @param key a key that works, so that some requests get past the edge */
    Mutation(String key, RandomGenerator chance) {
        this.chance = chance;
        String head = "Host: sandbox\r\nX-API-Key: " + key + "\r\n";
        seeds = new String[] {
            "GET /v2/listings?city=Toledo&limit=1 HTTP/1.1\r\n" + head + "\r\n",
            "GET /v2/account/limits HTTP/1.1\r\n" + head + "\r\n",
            "POST /v2/webhooks/endpoints HTTP/1.1\r\n" + head + "Content-Length: 2\r\n\r\n{}",
            "POST /v2/webhooks/endpoints HTTP/1.1\r\n" + head
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "GET /v2/listings/none HTTP/1.1\r\n" + head
                    + "Connection: keep-alive\r\n\r\nGET /v2/account/limits HTTP/1.1\r\n" + head + "\r\n",
            "HEAD /v1/listings HTTP/1.0\r\n" + head + "\r\n",
            "POST /v2/webhooks/endpoints HTTP/1.0\r\n" + head
                    + "Connection: keep-alive\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\n{}\r\n0\r\n\r\nGET /v2/account/limits HTTP/1.1\r\n" + head + "\r\n",
            "POST /v2/webhooks/endpoints HTTP/1.1\r\n" + head
                    + "Transfer-Encoding: chunked\r\n\r\n100000000\r\n\r\nGET /v2/account/limits HTTP/1.1\r\n" + head
                    + "\r\n",
            "GET /v2/listings HTTP/1.1\r\n" + head + "Content-Length: 60\r\n\r\nGET /v2/account/limits HTTP/1.1\r\n"
                    + head + "\r\n"
        };
    }

    /** The next request: one to four changes to one of the seeds. */
    byte[] next() {
        byte[] bytes = seeds[chance.nextInt(seeds.length)].getBytes(StandardCharsets.ISO_8859_1);
        for (int i = chance.nextInt(1, 5); i > 0; i--) {
            bytes = CHANGES.change(bytes, chance);
        }
        return bytes;
    }
}
