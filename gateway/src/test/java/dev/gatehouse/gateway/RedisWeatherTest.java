package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.Weather;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.json.Json;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two gateways whose Redis")
class RedisWeatherTest {
    private static final int BUCKET = 30;
    private static final int DAILY = 1_000;
    private static final String CALL = "/v2/things/echo";

    @TempDir
    private static Path folder;

    private static EmbeddedRedis redis;
    private static Weather weather;
    private static Sandbox sandbox;
    private static List<GatewayModule> gateways;

    @BeforeAll
    static void start() throws IOException {
        redis = EnginesForTests.ownRedis(folder.resolve("redis"));
        weather = new Weather(redis.port());
        sandbox = new Sandbox(redis.url().replace(":" + redis.port(), ":" + weather.port()));
        gateways = List.of(sandbox.gateway("east"), sandbox.gateway("west"));
    }

    @AfterAll
    static void stop() throws IOException {
        sandbox.close();
        weather.close();
        redis.close();
    }

    @Test
    @DisplayName("refuses connections fail no call, let in no more than the bound, and charge it afterwards")
    void refuses() throws IOException {
        bounded("refuses", () -> weather.turn(Weather.Kind.REFUSING), 120);
    }

    @Test
    @DisplayName("answers late decide for themselves, within the bound")
    void slow() throws IOException {
        bounded("slow", () -> weather.turn(Weather.Kind.SLOW), 120);
    }

    @Test
    @DisplayName("comes and goes give no tenant a fresh bucket each time")
    void flaps() throws IOException {
        String key = tenant("flaps");
        int admitted = 0;
        for (int i = 0; i < 4; i++) {
            weather.turn(Weather.Kind.REFUSING);
            awaitLocal(key);
            admitted += calls(key, 50);
            weather.turn(Weather.Kind.FAIR);
            awaitExact(key);
            admitted += calls(key, 10);
        }
        assertThat(admitted).isBetween(1, bound());
        assertCharged(key, admitted);
    }

    @Test
    @DisplayName("has become a replica that takes no change decide for themselves until it does")
    void replica() throws IOException {
        bounded("replica", () -> admin("replicaof"), 120, () -> admin("master"));
    }

    @Test
    @DisplayName("has lost its memory go on without a failed call")
    void forgets() {
        String key = tenant("forgets");
        calls(key, 4);
        try (var client = RedisClient.create(redis.url());
                var connection = client.connect()) {
            connection.sync().flushall();
            connection.sync().scriptFlush();
        }
        assertThat(calls(key, 10)).isEqualTo(10);
        awaitExact(key);
    }

    private interface Change {
        void make() throws IOException;
    }

    private void bounded(String name, Change fail, int attempts) throws IOException {
        bounded(name, fail, attempts, () -> weather.turn(Weather.Kind.FAIR));
    }

    private void bounded(String name, Change fail, int attempts, Change heal) throws IOException {
        String key = tenant(name);
        int admitted = calls(key, 10);
        try {
            fail.make();
            // a replica shows what it is to a call that takes something only
            admitted += calls(key, 4);
            awaitLocal(key);
            admitted += calls(key, attempts);
        } finally {
            heal.make();
        }
        // each a bucket and their part of the quota; a refill a minute adds next to nothing
        assertThat(admitted).isBetween(11, bound());
        awaitExact(key);
        assertCharged(key, admitted);
    }

    /** A bucket as the limits allow, one more for each node, and 1 % of the quota; a slow machine's refill besides. */
    private static int bound() {
        return BUCKET + 2 * BUCKET + DAILY / 100 + 5;
    }

    private static void assertCharged(String key, int admitted) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(used(key)).isEqualTo(admitted));
    }

    private static String tenant(String name) {
        String key = sandbox.directory.key(sandbox.directory.tenant(name, new Limits(DAILY, 1, BUCKET)));
        gateways.forEach(sandbox::synced);
        awaitExact(key);
        return key;
    }

    private static int calls(String key, int count) {
        int admitted = 0;
        for (int i = 0; i < count; i++) {
            HttpResponse<String> answer = sandbox.get(gateways.get(i % 2), key, CALL);
            assertThat(answer.statusCode()).isIn(200, 429);
            admitted += answer.statusCode() == 200 ? 1 : 0;
        }
        return admitted;
    }

    private static boolean isDegraded(GatewayModule gateway, String key) {
        return sandbox.get(gateway, key, "/v2/account/limits")
                .headers()
                .firstValue("gatehouse-degraded")
                .isPresent();
    }

    private static void awaitLocal(String key) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateways.stream().allMatch(gateway -> isDegraded(gateway, key)));
    }

    private static void awaitExact(String key) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateways.stream().noneMatch(gateway -> isDegraded(gateway, key)));
    }

    private static long used(String key) {
        return Json.tree(sandbox.get(gateways.getFirst(), key, "/v2/account/limits")
                        .body())
                .get("data")
                .get("daily")
                .get("used")
                .asLong();
    }

    private static void admin(String command) {
        try (var client = RedisClient.create(redis.url());
                var connection = client.connect()) {
            if (command.equals("master")) {
                connection.sync().replicaofNoOne();
            } else {
                // nobody is there to copy from, so that it stays what it is and takes no change
                connection.sync().replicaof("127.0.0.1", 1);
            }
        }
    }
}
