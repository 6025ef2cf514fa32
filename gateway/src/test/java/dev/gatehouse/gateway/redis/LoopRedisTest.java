package dev.gatehouse.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An event loop's connection to Redis")
class LoopRedisTest {
    @Test
    @DisplayName("keeps nothing of a command that was answered")
    void leavesNothing() {
        AtomicInteger answered = new AtomicInteger();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (RedisResources shared = new RedisResources()) {
            EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
            LoopRedis redis = new LoopRedis(loop, RedisURI.create(EnginesForTests.redis()), shared);
            await().until(redis::isConnected);
            loop.execute(() -> {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(redis.send(new Ping(answered))).isTrue();
                }
            });
            await().until(() -> answered.get() == 1_000);
            assertThat(shared.timeouts()).isLessThan(10);
            redis.close();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static final class Ping extends Command<byte[], byte[], String> {
        private final AtomicInteger answered;

        Ping(AtomicInteger answered) {
            super(
                    CommandType.ECHO,
                    new StatusOutput<>(ByteArrayCodec.INSTANCE),
                    new CommandArgs<>(ByteArrayCodec.INSTANCE).add("here".getBytes(StandardCharsets.UTF_8)));
            this.answered = answered;
        }

        @Override
        public void complete() {
            super.complete();
            answered.incrementAndGet();
        }
    }
}
