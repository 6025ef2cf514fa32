package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The embedded Redis")
class EmbeddedRedisTest {
    @TempDir
    Path temp;

    @Test
    @DisplayName("keeps its data over a stop and a start, in a folder with a space")
    void keepsItsData() {
        Path home = temp.resolve("a folder");
        try (EmbeddedRedis redis = EmbeddedRedis.start(home, Durability.DURABLE)) {
            with(redis, connection -> connection.sync().set("home", "7"));
        }
        try (EmbeddedRedis redis = EmbeddedRedis.start(home, Durability.DURABLE)) {
            assertThat(with(redis, connection -> connection.sync().get("home"))).isEqualTo("7");
        }
    }

    @Test
    @DisplayName("a server left running on the folder is stopped before the new one starts")
    void stopsOrphan() {
        EmbeddedRedis orphan = EmbeddedRedis.start(temp, Durability.DURABLE);
        with(orphan, connection -> connection.sync().set("home", "7"));
        try (EmbeddedRedis redis = EmbeddedRedis.start(temp, Durability.DURABLE)) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(with(redis, connection -> connection.sync().get("home"))).isEqualTo("7");
        }
    }

    @Test
    @DisplayName("starts again after kill -9")
    void survivesKill() {
        EmbeddedRedis killed = EmbeddedRedis.start(temp, Durability.DURABLE);
        with(killed, connection -> connection.sync().set("home", "7"));
        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
        await().until(() -> !killed.isAlive());
        try (EmbeddedRedis redis = EmbeddedRedis.start(temp, Durability.DURABLE)) {
            assertThat(with(redis, connection -> connection.sync().get("home"))).isEqualTo("7");
        }
    }

    private static String with(EmbeddedRedis redis, Function<StatefulRedisConnection<String, String>, String> action) {
        try (RedisClient client = RedisClient.create(redis.url());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return action.apply(connection);
        }
    }
}
