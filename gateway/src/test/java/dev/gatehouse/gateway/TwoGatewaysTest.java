package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Two gateways on one Redis")
class TwoGatewaysTest {
    private static Sandbox sandbox;
    private static List<GatewayModule> gateways;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        gateways = List.of(sandbox.gateway("one"), sandbox.gateway("two"));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("let exactly the bucket plus what refills in of many concurrent calls")
    void exact() throws InterruptedException {
        // on a machine that starves Redis for longer than a call waits, decisions are local: such a run proves nothing
        for (int run = 0; run < 5; run++) {
            List<HttpResponse<String>> answers =
                    burst(sandbox.directory.tenant("exact-" + run, new Limits(1_000_000, 1, 137)));
            if (answers.stream()
                    .allMatch(a -> a.headers().firstValue("gatehouse-degraded").isEmpty())) {
                assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 429);
                assertThat(answers.stream().filter(a -> a.statusCode() == 200).count())
                        .isEqualTo(137);
                return;
            }
        }
        throw new AssertionError("Redis was too slow in each of five runs");
    }

    /** Six hundred calls, thirty-two at a time, on both; one unit refills in a minute, longer than they take. */
    private static List<HttpResponse<String>> burst(TenantId tenant) throws InterruptedException {
        String key = sandbox.directory.key(tenant);
        gateways.forEach(sandbox::synced);
        Semaphore atOnce = new Semaphore(32);
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            HttpRequest request = HttpRequest.newBuilder(sandbox.uri(gateways.get(i % 2), "/v2/things/echo"))
                    .header("X-API-Key", key)
                    .build();
            atOnce.acquire();
            calls.add(sandbox.http
                    .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                    .whenComplete((answer, failure) -> atOnce.release()));
        }
        return calls.stream().map(CompletableFuture::join).toList();
    }

    @Test
    @DisplayName("feel a raised plan within a second, on both, without giving back what was used")
    void raised() {
        TenantId tenant = sandbox.directory.tenant("raised", new Limits(1_000, 1, 3));
        String key = sandbox.directory.key(tenant);
        for (int i = 0; i < 3; i++) {
            assertThat(sandbox.get(gateways.getFirst(), key, "/v2/things/echo").statusCode())
                    .isEqualTo(200);
        }
        assertThat(sandbox.get(gateways.getLast(), key, "/v2/things/echo").statusCode())
                .isEqualTo(429);

        sandbox.directory.changeTenant(tenant, t -> limits(t, new Limits(5_000, 1, 10)));

        await().atMost(Duration.ofSeconds(1))
                .until(() ->
                        sandbox.get(gateways.getLast(), key, "/v2/things/echo").statusCode() == 200);
        HttpResponse<String> next = sandbox.get(gateways.getLast(), key, "/v2/things/echo");
        assertThat(next.headers().firstValue("x-ratelimit-limit")).contains("5000");
        assertThat(next.headers().firstValue("x-ratelimit-remaining")).contains("4995");
        assertThat(next.headers().firstValue("x-ratelimit-burstremaining")).contains("5");
    }

    private static TenantEntry limits(TenantEntry t, Limits limits) {
        return new TenantEntry(
                t.id(),
                t.slug(),
                t.name(),
                t.status(),
                "scale",
                limits,
                t.override(),
                t.weight(),
                t.maxConcurrent(),
                t.maxQueued(),
                t.pools(),
                t.fields(),
                t.spendCapped(),
                t.version());
    }
}
