package dev.gatehouse.runtime.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WebServerTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-03T14:02:00Z"));
    private final InternalSecrets secrets = new InternalSecrets(new byte[32]);

    @AfterEach
    void stop() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private WebServer serve(Endpoint endpoint) throws Exception {
        return WebServer.start(
                vertx, WebServer.Options.loopback("test"), endpoint, new CallerGuard(secrets, "test", clock), clock);
    }

    private HttpResponse<String> get(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    @DisplayName("50 requests that block all overlap: none can finish before all have begun")
    void blockedRequestsOverlap() throws Exception {
        CountDownLatch allBegun = new CountDownLatch(50);
        try (WebServer server = serve(request -> {
            allBegun.countDown();
            return Response.text(200, allBegun.await(10, TimeUnit.SECONDS) ? "together" : "alone");
        })) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(client.sendAsync(
                        HttpRequest.newBuilder(server.uri()).build(), HttpResponse.BodyHandlers.ofString()));
            }
            assertThat(answers)
                    .allSatisfy(answer ->
                            assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("together"));
        }
    }

    @Test
    @DisplayName("a body is taken whole up to its limit and refused with 413 past it")
    void boundedBody() throws Exception {
        Endpoint echo = request -> Response.text(200, Integer.toString(request.bytes().length));
        try (WebServer server =
                WebServer.start(vertx, WebServer.Options.loopback("test").withMaxBody(100_000), echo, null, clock)) {
            assertThat(post(server, 100_000).body()).isEqualTo("100000");
            assertThat(post(server, 100_001).statusCode()).isEqualTo(413);
        }
    }

    private HttpResponse<String> post(WebServer server, int size) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.uri())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[size]))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    @DisplayName("an endpoint that refuses without reading the body leaves the connection fit for the next call")
    void unreadBody() throws Exception {
        Endpoint refusing = request -> Response.text(403, "no");
        try (WebServer server = WebServer.start(vertx, WebServer.Options.loopback("test"), refusing, null, clock);
                HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(5), 1)) {
            for (int i = 0; i < 2_000; i++) {
                assertThat(caller.send("POST", server.uri(), Map.of(), new byte[i % 50 == 0 ? 200_000 : i % 3])
                                .status())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    @DisplayName("an answer that cannot be written, and a failure beyond exceptions, are a 500 at once and no silence")
    void neverSilent() throws Exception {
        Map<String, Endpoint> failing = Map.of(
                "head",
                request -> Response.text(200, "x").with("X-Broken", "one\ntwo"),
                "stream",
                request -> Response.stream(200, "text/plain", out -> out.write('x'))
                        .with("X-Broken", "one\ntwo"),
                "error",
                request -> {
                    throw new NoClassDefFoundError("a class that is not there");
                });
        for (Map.Entry<String, Endpoint> one : failing.entrySet()) {
            try (WebServer server =
                    WebServer.start(vertx, WebServer.Options.loopback("test"), one.getValue(), null, clock)) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(server.uri())
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(one.getKey()).isEqualTo(500);
                assertThat(answer.body()).contains("internal", "requestId");
                assertThat(answer.headers().map()).doesNotContainKey("x-broken");
            }
        }
    }

    @Test
    @DisplayName(
            "an answer that trickles past the timeout is given up with its connection, and the next call gets through")
    void givesUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(2), 1)) {
            Thread.ofVirtual().start(() -> trickleThenAnswer(server));
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            assertThatThrownBy(() -> caller.get(uri, Map.of())).isInstanceOf(IOException.class);
            assertThat(caller.get(uri, Map.of()).status()).isEqualTo(204);
        }
    }

    /** The first connection gets a byte now and then; each later one an answer. */
    private static void trickleThenAnswer(ServerSocket server) {
        try {
            Socket slow = server.accept();
            Thread.ofVirtual().start(() -> {
                try (slow) {
                    slow.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(UTF_8));
                    while (true) {
                        slow.getOutputStream().write('x');
                        Thread.sleep(200);
                    }
                } catch (IOException | InterruptedException e) {
                    // the caller gave up, as it should
                }
            });
            try (Socket next = server.accept()) {
                next.getInputStream().read();
                next.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(UTF_8));
                next.getInputStream().readAllBytes();
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    @Test
    @DisplayName("a streamed answer arrives whole and HEAD gets its head alone")
    void streams() throws Exception {
        try (WebServer server = serve(request -> Response.stream(200, "text/plain", out -> {
            for (int i = 0; i < 1_000; i++) {
                out.write("0123456789".repeat(100).getBytes(UTF_8));
            }
        }))) {
            assertThat(get(server.uri()).body()).hasSize(1_000_000);
            HttpResponse<String> head = client.send(
                    HttpRequest.newBuilder(server.uri())
                            .method("HEAD", HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    @DisplayName("only a sealed, fresh identity is a caller")
    void identity() throws Exception {
        CallerIdentity caller = new CallerIdentity(
                TenantId.next(clock),
                "acme-corp",
                "growth",
                KeyId.next(clock),
                KeyMode.LIVE,
                Set.of("*"),
                Set.of("*"),
                "req_1",
                clock.instant());
        SealedCall call = new SealedCall("GET", "/");
        String sealed = new IdentitySeal(secrets, "test").seal(caller, call);
        String forged = new IdentitySeal(
                        new InternalSecrets("another secret of the right length".getBytes(UTF_8)), "test")
                .seal(caller, call);
        try (WebServer server =
                serve(request -> Response.text(200, request.caller().slug()))) {
            assertThat(get(server.uri(), IdentitySeal.HEADER, sealed).body()).isEqualTo("acme-corp");
            assertThat(get(server.uri()).statusCode()).isEqualTo(401);
            assertThat(get(server.uri(), IdentitySeal.HEADER, forged).statusCode())
                    .isEqualTo(401);
            clock.advance(Duration.ofMinutes(2));
            assertThat(get(server.uri(), IdentitySeal.HEADER, sealed).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    @DisplayName("a path with bytes that are not UTF-8, overlong UTF-8 or a NUL is a 400")
    void strictPaths() throws Exception {
        Router router =
                new Router().get("/things/{name}", request -> Response.text(200, request.pathParameter("name")));
        try (WebServer server = serve(router)) {
            assertThat(get(server.uri().resolve("/things/a%20b")).body()).isEqualTo("a b");
            for (String bad : List.of("%c0%af", "%00", "%ff", "%e2%82")) {
                HttpResponse<String> answer = get(URI.create(server.uri() + "/things/" + bad));
                assertThat(answer.statusCode()).as(bad).isEqualTo(400);
                assertThat(answer.body()).contains("malformed_request", "requestId");
            }
        }
    }
}
