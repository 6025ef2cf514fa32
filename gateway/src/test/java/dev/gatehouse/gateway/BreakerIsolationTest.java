package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.plan.Limits;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A service that fails the calls of one tenant, or of one path,")
class BreakerIsolationTest {
    private static final Limits PLENTY = new Limits(1_000_000, 1_000_000, 1_000_000);

    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static NetServer odd;
    private static final AtomicInteger asked = new AtomicInteger();

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        // answers what its path's last segment says, right or not
        odd = sandbox.vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(request -> {
                    String path = request.toString().split(" ")[1];
                    asked.incrementAndGet();
                    String answer =
                            switch (path.substring(path.lastIndexOf('/') + 1).split("\\?")[0]) {
                                case "nonsense" -> "HTTP/1.1 twohundred OK\r\n\r\n";
                                case "lengths" -> "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello";
                                case "noise" -> "\u0000\u0001\u0002\r\n\r\n";
                                case "cut" -> "";
                                default -> "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                            };
                    if (answer.isEmpty()) {
                        socket.close();
                    } else {
                        socket.write(Buffer.buffer(answer));
                    }
                }));
        int port = odd.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        sandbox.directory.route(Sandbox.open("odd", "/v2/odd", "http://127.0.0.1:" + port));
        sandbox.directory.route(new RouteEntry(
                "short",
                "short",
                List.of("/v2/short"),
                List.of(),
                List.of(new PoolEntry("default", List.of(sandbox.service.url()), null, 0)),
                "short",
                1,
                false,
                300,
                300,
                0));
        gateway = sandbox.gateway(sandbox.settings("breaker", GatewaySettings.Edge.standard(), 2, null));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static String tenant(String slug) {
        return sandbox.directory.key(sandbox.directory.tenant(slug, PLENTY, 1, 200, 200));
    }

    @Test
    @DisplayName("by cutting twelve at once, answers another's calls at once and all the time")
    void cutAtOnce() {
        String a = tenant("cut-a");
        String b = tenant("cut-b");
        sandbox.synced(gateway);
        List<CompletableFuture<HttpResponse<String>>> cut = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            cut.add(sandbox.http.sendAsync(
                    request(a, "/v2/things/" + i + "/drop")
                            .POST(HttpRequest.BodyPublishers.ofString("x"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        cut.forEach(answer -> assertThat(answer.join().statusCode()).isBetween(502, 503));
        for (int i = 0; i < 50; i++) {
            assertThat(sandbox.get(gateway, b, "/v2/things/echo").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("by never answering them, answers every call of another meanwhile")
    void slow() {
        String a = tenant("slow-a");
        String b = tenant("slow-b");
        sandbox.synced(gateway);
        List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            slow.add(sandbox.http.sendAsync(
                    request(a, "/v2/short/" + i % 6 + "/hang").build(), HttpResponse.BodyHandlers.ofString()));
        }
        int answered = 0;
        while (slow.stream().anyMatch(answer -> !answer.isDone()) || answered < 200) {
            assertThat(sandbox.get(gateway, b, "/v2/short/echo").statusCode()).isEqualTo(200);
            answered++;
        }
        slow.forEach(answer -> assertThat(answer.join().statusCode()).isBetween(503, 504));
    }

    @Test
    @DisplayName(
            "with answers that are no HTTP, is asked once a call, and stays open for its other paths, also for that tenant")
    void malformed() {
        for (String kind : List.of("nonsense", "lengths", "noise")) {
            String a = tenant("odd-a-" + kind);
            String b = tenant("odd-b-" + kind);
            int before = asked.get();
            sandbox.get(gateway, a, "/v2/odd/" + kind);
            assertThat(asked.get() - before).as(kind).isEqualTo(1);
            for (int i = 0; i < 12; i++) {
                assertThat(sandbox.get(gateway, a, "/v2/odd/" + kind).statusCode())
                        .as(kind)
                        .isBetween(502, 503);
                assertThat(sandbox.get(gateway, b, "/v2/odd/" + kind).statusCode())
                        .as(kind)
                        .isBetween(502, 503);
                assertThat(sandbox.get(gateway, a, "/v2/odd/well").statusCode())
                        .as(kind)
                        .isEqualTo(200);
                assertThat(sandbox.get(gateway, b, "/v2/odd/well").statusCode())
                        .as(kind)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("of two who do it together on many paths, answers a third that it has not heard of before")
    void together() {
        String a = tenant("together-a");
        String b = tenant("together-b");
        for (int i = 0; i < 20; i++) {
            sandbox.get(gateway, a, "/v2/odd/" + i + "/cut");
            sandbox.get(gateway, b, "/v2/odd/" + i + "/cut");
        }
        String c = tenant("together-c");
        for (int i = 0; i < 20; i++) {
            assertThat(sandbox.get(gateway, c, "/v2/odd/well").statusCode()).isEqualTo(200);
        }
    }

    private static HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(sandbox.uri(gateway, path)).header("X-API-Key", key);
    }
}
