package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.CertificateFiles;
import dev.gatehouse.gateway.stub.RawService;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.plan.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of the fuzz ({@code -Dfuzz.requests=1000000} makes it long). What tells a hidden request from a true one is the
 * caller's seal: nobody but the gateway can make one, and it holds for one method and one target.
 */
@DisplayName("Requests that are nearly right, each with another hidden in it")
class EdgeFuzzTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1_600);
    private static final int THREADS = 24;
    private static final int SILENCE_MILLIS = 250;
    private static final Pattern CALLER = Pattern.compile("(?i)\r\ngatehouse-caller: ([^\r]*)\r\n");
    private static final String[] SPICE = {
        "\r\n",
        "\n",
        "\r",
        "\0",
        " ",
        "\t",
        ":",
        ";",
        "/",
        "..",
        "%2e",
        "%00",
        "%",
        "_",
        "Content-Length: 5\r\n",
        "Content-Length: 0\r\n",
        "Content_Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Connection: content-length\r\n",
        "Connection: keep-alive\r\n",
        "HTTP/1.0",
        "HTTP/1.1",
        "GET ",
        "TRACE ",
        "0\r\n\r\n",
        "100000000\r\n",
        "ffffffffffffffff\r\n",
        "80000000",
        "-1",
        ";a=b",
        "Host: x\r\n",
        "Expect: 100-continue\r\n",
        "Upgrade: h2c\r\n",
        "Gatehouse_Caller: forged\r\n",
        "Gatehouse-Caller: forged\r\n",
        "X-A: b\r\n c\r\n",
        "\u00ff",
        "?",
        "#"
    };

    @TempDir
    private static Path folder;

    private static Sandbox sandbox;
    private static RawService service;
    private static GatewayModule clear;
    private static GatewayModule both;
    private static GatewayModule secure;
    private static String head;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        sandbox = new Sandbox();
        service = new RawService(with -> with.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        sandbox.directory.route(Sandbox.open("raw", "/v2/raw", service.url()).with(1, RouteEntry.INTERNAL));
        clear = sandbox.gateway("fuzz-clear");
        both = sandbox.clearHttp2("fuzz-both");
        secure = sandbox.gateway(sandbox.settings(
                "fuzz-secure", GatewaySettings.Edge.standard(), 1, CertificateFiles.issue("fuzz", folder)));
        key = sandbox.directory.key(sandbox.directory.tenant("fuzz", new Limits(50_000_000, 50_000_000, 50_000_000)));
        head = "Host: a\r\nX-API-Key: " + key + "\r\n";
        for (GatewayModule gateway : List.of(clear, both, secure)) {
            sandbox.synced(gateway);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        sandbox.close();
    }

    private static String[] seeds() {
        String hidden = "DELETE /v2/raw/hidden HTTP/1.1\r\nHost: a\r\nGatehouse-Caller: forged\r\n\r\n";
        List<String> seeds = new ArrayList<>();
        for (String version : new String[] {"HTTP/1.0", "HTTP/1.1"}) {
            for (String method : new String[] {"GET", "POST"}) {
                String start = method + " /v2/raw/a " + version + "\r\n" + head;
                seeds.add(start + "Content-Length: " + hidden.length() + "\r\n\r\n" + hidden);
                seeds.add(start + "Content-Length: 0\r\n\r\n");
                seeds.add(start + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(hidden.length()) + "\r\n" + hidden + "\r\n0\r\n\r\n");
                seeds.add(start + "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: "
                        + hidden.strip().replace("\r\n", "\r\nX-") + "\r\n\r\n");
                seeds.add(start + "X-A: b\r\n\r\n" + start.replace("/a ", "/b ") + "\r\n");
            }
        }
        return seeds.toArray(String[]::new);
    }

    private static byte[] mutated(String[] seeds, SplittableRandom chance) {
        byte[] octets = seeds[chance.nextInt(seeds.length)].getBytes(StandardCharsets.ISO_8859_1);
        for (int i = chance.nextInt(4); i > 0; i--) {
            int at = chance.nextInt(octets.length + 1);
            int length = Math.min(octets.length - at, chance.nextInt(1, 12));
            byte[] spice = SPICE[chance.nextInt(SPICE.length)].getBytes(StandardCharsets.ISO_8859_1);
            int kind = chance.nextInt(4);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(octets, 0, at);
            if (kind == 1 || kind == 2) {
                out.writeBytes(spice);
            } else if (kind == 3) {
                out.write(octets, at, length);
            }
            int from = kind == 0 || kind == 2 ? at + length : at;
            out.write(octets, from, octets.length - from);
            octets = out.toByteArray();
        }
        return octets;
    }

    private static Socket connect(GatewayModule gateway, String protocol) throws Exception {
        if (gateway != secure) {
            return new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        }
        SSLSocket socket = (SSLSocket) CertificateFiles.trustAny()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** One round: what each of many threads does with its own chance until all have done it often enough. */
    @FunctionalInterface
    private interface Round {
        void run(SplittableRandom chance) throws Exception;
    }

    private static void fuzz(long seed, int requests, Round round) throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            SplittableRandom chance = new SplittableRandom(seed + t);
            threads.add(Thread.ofVirtual().start(() -> {
                while (sent.incrementAndGet() <= requests) {
                    try {
                        round.run(chance);
                    } catch (IOException e) {
                        // the gateway has closed the connection while it was written to
                    } catch (Exception e) {
                        failures.add(e);
                        return;
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        allAreSealed(seed);
        for (GatewayModule gateway : List.of(clear, both)) {
            assertThat(sandbox.get(gateway, key, "/v2/raw/after").statusCode())
                    .as("served afterwards, seed %d", seed)
                    .isEqualTo(200);
        }
    }

    /** Whatever the service took for a request was sealed by the gateway, for this method and this target. */
    private static void allAreSealed(long seed) {
        IdentitySeal seal = new IdentitySeal(sandbox.secrets, "raw");
        int before = 0;
        for (String request : service.requests()) {
            before++;
            String[] line = request.substring(0, request.indexOf("\r\n")).split(" ", -1);
            Matcher caller = CALLER.matcher(request.substring(0, request.indexOf("\r\n\r\n") + 4));
            assertThat(line).as("seed %d: %s", seed, request).hasSize(3);
            assertThat(caller.find()).as("seed %d: %s", seed, request).isTrue();
            // it holds for half a minute, and a long run takes longer
            String sealed = caller.group(1);
            String issued = sealed.substring(sealed.lastIndexOf('|') + 1, sealed.lastIndexOf('.'));
            assertThat(seal.open(
                            sealed, Instant.ofEpochSecond(Long.parseLong(issued)), new SealedCall(line[0], line[1])))
                    .as("seed %d, request %d: %s", seed, before, request)
                    .isPresent();
            assertThat(caller.find())
                    .as("a second caller, seed %d: %s", seed, request)
                    .isFalse();
            assertThat(request.toLowerCase(Locale.ROOT).split("\r\n\r\n", 2)[0])
                    .as("seed %d", seed)
                    .doesNotContain("\r\ngatehouse_caller:")
                    .doesNotContain("\r\ncontent_length:");
        }
        assertThat(before).as("requests that got through, seed %d", seed).isPositive();
        service.requests().clear();
    }

    private static void octets(GatewayModule gateway, String[] seeds, SplittableRandom chance) throws Exception {
        try (Socket socket = connect(gateway, "http/1.1")) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.getOutputStream().write(mutated(seeds, chance));
            byte[] buffer = new byte[16 * 1024];
            while (socket.getInputStream().read(buffer) >= 0) {
                // until it is closed, or nothing more comes
            }
        }
    }

    @Test
    @DisplayName("over HTTP/1.0 and 1.1 show no service anything that the gateway has not sent")
    void http1() throws InterruptedException {
        String[] seeds = seeds();
        fuzz(System.nanoTime(), REQUESTS, chance -> octets(chance.nextBoolean() ? clear : both, seeds, chance));
    }

    @Test
    @DisplayName("over TLS show no service anything that the gateway has not sent")
    void tls() throws InterruptedException {
        String[] seeds = seeds();
        fuzz(System.nanoTime(), REQUESTS / 8, chance -> octets(secure, seeds, chance));
    }

    @Test
    @DisplayName("in frames of HTTP/2, clear and over TLS, show no service anything that the gateway has not sent")
    void http2() throws InterruptedException {
        String[] names = {
            ":method",
            ":path",
            ":scheme",
            ":authority",
            ":status",
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "x n",
            "x\r\ny",
            "x:y",
            "te",
            "upgrade",
            "gatehouse_caller",
            "Gatehouse-Caller",
            "content_length",
            "x-a",
            "",
            "cookie",
            "expect"
        };
        String[] values = {
            "GET", "POST", "TRACE", "/v2/raw/a", "/v2/raw/%61", "/v2/raw/b c", "/v2/raw/a\r\nX-B: c", "*", "http", "a",
                    "b",
            "5", "0", "chunked", "close", "a\0b", " a", "a\n", "trailers", "100-continue", "", "forged"
        };
        fuzz(System.nanoTime(), REQUESTS, chance -> {
            try (RawHttp2 client =
                    new RawHttp2(connect(chance.nextInt(4) == 0 ? secure : both, "h2"), SILENCE_MILLIS)) {
                for (int stream = 0; stream < 8; stream++) {
                    List<String> fields = new ArrayList<>(List.of(
                            ":method",
                            chance.nextBoolean() ? "GET" : "POST",
                            ":scheme",
                            "http",
                            ":path",
                            "/v2/raw/a",
                            ":authority",
                            "a",
                            "x-api-key",
                            key));
                    for (int i = chance.nextInt(4); i > 0; i--) {
                        int at = 2 * chance.nextInt(fields.size() / 2 + 1);
                        fields.add(at, values[chance.nextInt(values.length)]);
                        fields.add(at, names[chance.nextInt(names.length)]);
                    }
                    byte @Nullable [] body = chance.nextBoolean()
                            ? "GET /v2/raw/hidden HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)
                            : null;
                    if (client.end(client.send(fields.toArray(String[]::new), body))
                            .closed()) {
                        return;
                    }
                }
            }
        });
    }
}
