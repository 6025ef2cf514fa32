package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.json.Json;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("When a dependency dies")
class DegradedTest {

    @Test
    @DisplayName("Redis hanging delays no call beyond 50 ms; what was let in is charged when it is back")
    void redisHangs(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis redis = EnginesForTests.ownRedis(folder);
                Sandbox sandbox = new Sandbox(redis.url())) {
            TenantId tenant = sandbox.directory.tenant("degraded", new Limits(1_000, 1, 20));
            String key = sandbox.directory.key(tenant);
            List<GatewayModule> gateways = List.of(sandbox.gateway("left"), sandbox.gateway("right"));
            for (GatewayModule gateway : gateways) {
                await().until(() -> isExact(sandbox.get(gateway, key, "/v2/things/echo")));
            }
            long used = used(sandbox, gateways.getFirst(), key);

            signal(redis, "STOP");
            int admitted = 0;
            long slowest = 0;
            try {
                for (int i = 0; i < 80; i++) {
                    long before = System.nanoTime();
                    HttpResponse<String> answer = sandbox.get(gateways.get(i % 2), key, "/v2/things/echo");
                    slowest = Math.max(slowest, System.nanoTime() - before);
                    assertThat(answer.statusCode()).isIn(200, 429);
                    assertThat(answer.headers().firstValue("gatehouse-degraded"))
                            .contains("admission");
                    admitted += answer.statusCode() == 200 ? 1 : 0;
                }
            } finally {
                signal(redis, "CONT");
            }
            int local = admitted;
            // one bucket in each node, and 1 % of the quota
            assertThat(local).isBetween(1, 2 * 20 + 10);
            // 50 ms of waiting, the rest is the test's own machine
            assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofMillis(400));
            for (GatewayModule gateway : gateways) {
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> isExact(sandbox.get(gateway, key, "/v2/account/limits")));
            }
            await().untilAsserted(() ->
                    assertThat(used(sandbox, gateways.getFirst(), key)).isEqualTo(used + local));
        }
    }

    @Test
    @DisplayName("Redis restarted without its memory costs no call: scripts are given back")
    void redisForgets(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis redis = EnginesForTests.ownRedis(folder);
                Sandbox sandbox = new Sandbox(redis.url())) {
            String key = sandbox.directory.key(sandbox.directory.tenant("forgets", new Limits(1_000, 60, 100)));
            GatewayModule gateway = sandbox.gateway("forgets");
            await().until(() -> isExact(sandbox.get(gateway, key, "/v2/things/echo")));
            try (var client = RedisClient.create(redis.url()).connect()) {
                client.sync().scriptFlush();
            }
            HttpResponse<String> answer = sandbox.get(gateway, key, "/v2/things/echo");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("gatehouse-degraded")).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "the directory gone, a restarted gateway serves from its copy, and calls no key unknown that may be new")
    void directoryGone() throws IOException {
        try (Sandbox sandbox = new Sandbox()) {
            String key = sandbox.directory.key(sandbox.directory.tenant("copied", new Limits(1_000, 60, 100)));
            GatewayModule first = sandbox.gateway("copied");
            assertThat(sandbox.get(first, key, "/v2/things/echo").statusCode()).isEqualTo(200);
            await().until(() ->
                    sandbox.folder("copied").resolve("directory.copy").toFile().exists());
            first.close();
            sandbox.directory.close();

            GatewayModule again = sandbox.gateway("copied");
            assertThat(sandbox.get(again, key, "/v2/things/echo").statusCode()).isEqualTo(200);
            HttpResponse<String> other = sandbox.get(again, ApiKey.generate(KeyMode.LIVE), "/v2/things/echo");
            assertThat(other.statusCode()).as(other.body()).isEqualTo(503);
            assertThat(Json.tree(other.body()).get("code").asText()).isEqualTo("unavailable");
            assertThat(other.headers().firstValue("Retry-After")).hasValue("1");
        }
    }

    @Test
    @DisplayName("a key made while the poll is silent works on the first call, by a lookup")
    void newKey() {
        try (Sandbox sandbox = new Sandbox()) {
            GatewayModule gateway = sandbox.gateway("lookup");
            sandbox.directory.silent(true);
            sandbox.get(gateway, ApiKey.generate(KeyMode.LIVE), "/v2/things/echo");
            int before = sandbox.directory.lookups();
            String key = sandbox.directory.key(sandbox.directory.tenant("fresh", new Limits(1_000, 60, 100)));
            assertThat(sandbox.get(gateway, key, "/v2/things/echo").statusCode())
                    .isEqualTo(200);
            assertThat(sandbox.directory.lookups()).isEqualTo(before + 1);
        }
    }

    private static boolean isExact(HttpResponse<String> answer) {
        return answer.statusCode() == 200
                && answer.headers().firstValue("gatehouse-degraded").isEmpty();
    }

    private static long used(Sandbox sandbox, GatewayModule gateway, String key) {
        return Json.tree(sandbox.get(gateway, key, "/v2/account/limits").body())
                .get("data")
                .get("daily")
                .get("used")
                .asLong();
    }

    private static void signal(EmbeddedRedis redis, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(redis.pid()))
                .start()
                .waitFor();
    }
}
