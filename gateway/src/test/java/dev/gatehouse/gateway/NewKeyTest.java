package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A key that has just been made")
class NewKeyTest {
    private static final Limits SOME = new Limits(1_000, 60, 100);

    @Test
    @DisplayName("works on the very next call, beside a flood of keys of nobody from its own address and from others")
    void besideAFlood() throws Exception {
        try (Sandbox sandbox = new Sandbox()) {
            GatewayModule gateway = sandbox.clearHttp2("new-keys");
            AtomicBoolean on = new AtomicBoolean(true);
            AtomicInteger flooded = new AtomicInteger();
            List<HttpClientAgent> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                HttpClientOptions options = new HttpClientOptions().setLocalAddress("127.0.0." + (i / 2 + 1));
                if (i % 2 == 0) {
                    options.setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
                }
                HttpClientAgent client = sandbox.vertx.createHttpClient(
                        options, new PoolOptions().setHttp1MaxSize(10).setHttp2MaxSize(2));
                clients.add(client);
                for (int j = 0; j < 10; j++) {
                    flood(client, gateway.port(), on, flooded);
                }
            }
            Awaitility.await().until(() -> flooded.get() > 500);
            int before = sandbox.directory.lookups();
            long began = System.nanoTime();
            int atOnce = 0;
            for (int i = 0; i < 150; i++) {
                String key = sandbox.directory.key(sandbox.directory.tenant("new-" + i, SOME));
                HttpResponse<String> answer = call(sandbox, gateway, key);
                if (answer.statusCode() == 503) {
                    // on a busy machine the directory may take longer than 50 ms
                    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
                } else {
                    assertThat(answer.statusCode())
                            .as("key %s: %s", i, answer.body())
                            .isEqualTo(200);
                    atOnce++;
                }
            }
            assertThat(atOnce).isGreaterThan(100);
            double seconds = (System.nanoTime() - began) / 1e9;
            on.set(false);
            // 10 a second of each of six addresses, counted in seconds that may lie anywhere
            assertThat((double) sandbox.directory.lookups() - before).isLessThan((seconds + 2) * 60);
            for (HttpClientAgent client : clients) {
                client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static HttpResponse<String> call(Sandbox sandbox, GatewayModule gateway, String key) {
        return sandbox.send(
                HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo")).header("X-API-Key", key));
    }

    private static void flood(HttpClientAgent client, int port, AtomicBoolean on, AtomicInteger flooded) {
        if (on.get()) {
            client.request(new RequestOptions()
                            .setHost("127.0.0.1")
                            .setPort(port)
                            .setURI("/v2/things/echo")
                            .putHeader("X-API-Key", ApiKey.generate(KeyMode.LIVE)))
                    .compose(HttpClientRequest::send)
                    .compose(answer -> answer.body())
                    .onComplete(v -> {
                        flooded.incrementAndGet();
                        flood(client, port, on, flooded);
                    });
        }
    }

    @Test
    @DisplayName("is never called unknown by a gateway that could not look, however many others are asked for")
    void neverUnlooked() {
        try (Sandbox sandbox = new Sandbox()) {
            GatewayModule gateway = sandbox.gateway("blind");
            sandbox.directory.hanging(true);
            for (int i = 0; i < 40; i++) {
                HttpResponse<String> answer = call(sandbox, gateway, ApiKey.generate(KeyMode.LIVE));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(Json.tree(answer.body()).get("code").asText()).isEqualTo("unavailable");
                assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
            }
        }
    }

    @Test
    @DisplayName("of nobody is called unknown all the same, once the directory has said so, in a flood as well")
    void nobody() {
        try (Sandbox sandbox = new Sandbox()) {
            GatewayModule gateway = sandbox.gateway("nobodys");
            int before = sandbox.directory.lookups();
            for (int i = 0; i < 60; i++) {
                HttpResponse<String> answer = call(sandbox, gateway, ApiKey.generate(KeyMode.LIVE));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
            }
            assertThat(sandbox.directory.lookups() - before).isLessThan(60);
        }
    }
}
