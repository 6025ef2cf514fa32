package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.redis.RedisResources;
import dev.gatehouse.gateway.redis.Siblings;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A clock that steps")
class ClockStepTest {
    private static final long HOUR_MICROS = 3_600_000_000L;
    private static final long TICKS = 60_000_000L;
    private static final String CALL = "/v2/things/echo";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("back an hour in Redis stops no bucket from refilling, and gives no second quota")
    void redisBack() throws Exception {
        try (EmbeddedRedis redis = EnginesForTests.ownRedis(folder);
                Sandbox sandbox = new Sandbox(redis.url())) {
            TenantId tenant = sandbox.directory.tenant("back", new Limits(1_000, 60, 5));
            String key = sandbox.directory.key(tenant);
            GatewayModule gateway = sandbox.gateway("back");
            await().until(() -> isExact(sandbox.get(gateway, key, "/v2/account/limits")));

            // an empty bucket and 7 of the quota, told while the clock was an hour ahead
            with(redis, commands -> {
                long ahead = micros(commands) + HOUR_MICROS;
                commands.set(
                        bytes(UsageStreams.levels(tenant)),
                        levels(5 * TICKS, ahead, 7, Math.floorDiv(ahead, 24 * HOUR_MICROS)));
            });
            HttpResponse<String> refused = sandbox.get(gateway, key, CALL);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            HttpResponse<String> admitted = await().atMost(Duration.ofSeconds(10))
                    .until(() -> sandbox.get(gateway, key, CALL), answer -> answer.statusCode() == 200);
            assertThat(admitted.headers().firstValue("x-ratelimit-remaining")).contains("992");
        }
    }

    @Test
    @DisplayName("on a gateway, two hours ahead and five back, fails no call and gives no second quota")
    void ofGateway() {
        SettableClock clock = new SettableClock(Instant.now());
        try (Sandbox sandbox = new Sandbox()) {
            String key = sandbox.directory.key(sandbox.directory.tenant("steps", new Limits(1_000, 60, 500)));
            GatewayModule gateway =
                    sandbox.gateway(sandbox.settings("steps", GatewaySettings.Edge.standard(), 1, null), clock);
            await().until(() -> isExact(sandbox.get(gateway, key, "/v2/account/limits")));
            int made = 0;
            for (Duration step : List.of(Duration.ZERO, Duration.ofHours(2), Duration.ofHours(-5))) {
                clock.advance(step);
                for (int i = 0; i < 5; i++) {
                    HttpResponse<String> answer = sandbox.get(gateway, key, CALL);
                    made++;
                    assertThat(answer.statusCode()).isEqualTo(200);
                    assertThat(answer.headers().firstValue("x-ratelimit-remaining"))
                            .contains(Integer.toString(1_000 - made));
                }
            }
        }
    }

    @Test
    @DisplayName("ahead and back in Redis makes no gateway count one that is not there")
    void siblings() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        RedisResources resources = new RedisResources();
        Siblings siblings = new Siblings("here");
        try (EmbeddedRedis redis = EnginesForTests.ownRedis(folder)) {
            with(redis, commands -> {
                double now = micros(commands) / 1e6;
                commands.zadd(bytes("gatehouse:gateways"), now + 3_600, bytes("signed before the step back"));
                commands.zadd(bytes("gatehouse:gateways"), now - 11, bytes("gone"));
                commands.zadd(bytes("gatehouse:gateways"), now, bytes("there"));
            });
            siblings.start(vertx, redis.url(), resources);
            await().untilAsserted(() -> assertThat(siblings.count()).isEqualTo(2));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(siblings.count()).isEqualTo(1));
        } finally {
            siblings.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
            resources.close();
        }
    }

    private static boolean isExact(HttpResponse<String> answer) {
        return answer.statusCode() == 200
                && answer.headers().firstValue("gatehouse-degraded").isEmpty();
    }

    private static void with(EmbeddedRedis redis, Consumer<RedisCommands<byte[], byte[]>> deed) {
        RedisClient client = RedisClient.create();
        try (var connection = client.connect(ByteArrayCodec.INSTANCE, RedisURI.create(redis.url()))) {
            deed.accept(connection.sync());
        } finally {
            client.shutdown();
        }
    }

    private static long micros(RedisCommands<byte[], byte[]> commands) {
        List<byte[]> time = commands.time();
        return Long.parseLong(new String(time.get(0), StandardCharsets.US_ASCII)) * 1_000_000
                + Long.parseLong(new String(time.get(1), StandardCharsets.US_ASCII));
    }

    private static byte[] levels(long... values) {
        ByteBuffer packed = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            packed.putDouble((double) value);
        }
        return packed.array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
