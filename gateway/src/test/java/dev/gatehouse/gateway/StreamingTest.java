package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.json.Json;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An answer on its way")
class StreamingTest {
    private static final long BYTES = Long.getLong("gatehouse.test.stream", 192L << 20);

    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static String key;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        TenantId tenant = sandbox.directory.tenant("streams", new Limits(10_000, 60, 1_000));
        key = sandbox.directory.key(tenant);
        sandbox.directory.route(new RouteEntry(
                "costs",
                "costs",
                List.of("/v2/costs"),
                List.of(),
                List.of(new PoolEntry("default", List.of(sandbox.service.url()), null, 0)),
                null,
                5,
                false,
                500,
                2_000,
                0));
        gateway = sandbox.clearHttp2("streams");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("of any size passes in constant memory, however slowly it is read")
    void constantMemory() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/big?bytes=" + BYTES))
                .header("X-API-Key", key)
                .build();
        HttpResponse<InputStream> answer = sandbox.http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        long direct = directMemory();
        long most = 0;
        long read = 0;
        byte[] buffer = new byte[256 * 1024];
        try (InputStream in = answer.body()) {
            int n;
            int reads = 0;
            while ((n = in.read(buffer)) >= 0) {
                read += n;
                if (++reads % 64 == 0) {
                    most = Math.max(most, directMemory() - direct);
                }
            }
        }
        assertThat(read).isEqualTo(BYTES);
        assertThat(most).as("bytes of buffers more than at the head").isLessThan(64L << 20);
    }

    private static long directMemory() {
        return PlatformDependent.usedDirectMemory();
    }

    @Test
    @DisplayName("settles the cost that the service states, a refund and an extra, and hides the statement")
    void settles() {
        long before = used();
        HttpResponse<String> cheap = sandbox.get(gateway, key, "/v2/costs/cost?units=2");
        assertThat(cheap.statusCode()).isEqualTo(200);
        assertThat(cheap.headers().firstValue("gatehouse-cost")).isEmpty();
        await().untilAsserted(() -> assertThat(used() - before).isEqualTo(2));
        sandbox.get(gateway, key, "/v2/costs/cost?units=40");
        await().untilAsserted(() -> assertThat(used() - before).isEqualTo(42));
    }

    @Test
    @DisplayName("keeps what a 4xx cost and gives back what a 5xx did")
    void outcomes() {
        long before = used();
        assertThat(sandbox.get(gateway, key, "/v2/costs/status?code=404").statusCode())
                .isEqualTo(404);
        assertThat(sandbox.get(gateway, key, "/v2/costs/status?code=503").statusCode())
                .isEqualTo(503);
        await().untilAsserted(() -> assertThat(used() - before).isEqualTo(5));
    }

    @Test
    @DisplayName("to HEAD has the head of GET and no body; 304 and 204 have none either")
    void withoutBody() {
        HttpResponse<String> head = sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo"))
                .header("X-API-Key", key)
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(sandbox.get(gateway, key, "/v2/things/status?code=304").statusCode())
                .isEqualTo(304);
        assertThat(sandbox.get(gateway, key, "/v2/things/status?code=204").statusCode())
                .isEqualTo(204);
        assertThat(sandbox.get(gateway, key, "/v2/things/echo").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("works over HTTP/2 as over HTTP/1.1")
    void http2() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            Map.Entry<HttpClientResponse, Buffer> answered = client.request(new RequestOptions()
                            .setMethod(HttpMethod.POST)
                            .setHost("127.0.0.1")
                            .setPort(gateway.port())
                            .setURI("/v2/things/echo")
                            .putHeader("X-API-Key", key))
                    .compose(request -> request.send(Buffer.buffer(new byte[100_000])))
                    .compose(response -> response.body().map(body -> Map.entry(response, body)))
                    .await(20, TimeUnit.SECONDS);
            HttpClientResponse answer = answered.getKey();
            assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(Json.tree(answered.getValue().toString())
                            .get("bodyBytes")
                            .asInt())
                    .isEqualTo(100_000);
            assertThat(answer.getHeader("x-ratelimit-tenant")).isEqualTo("streams");
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("is waited for when the gateway stops")
    void drains() {
        GatewayModule stopping = sandbox.gateway("stopping");
        HttpRequest request = HttpRequest.newBuilder(sandbox.uri(stopping, "/v2/things/slow?millis=700"))
                .header("X-API-Key", key)
                .build();
        int before = sandbox.service.calls();
        CompletableFuture<HttpResponse<String>> answer =
                sandbox.http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        await().until(() -> sandbox.service.calls() > before);
        stopping.close();
        assertThat(answer.join().body()).isEqualTo("late");
    }

    private static long used() {
        return Json.tree(sandbox.get(gateway, key, "/v2/account/limits").body())
                .get("data")
                .get("daily")
                .get("used")
                .asLong();
    }
}
