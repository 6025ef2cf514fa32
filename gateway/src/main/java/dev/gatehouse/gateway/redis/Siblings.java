package dev.gatehouse.gateway.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How many gateways there are: each signs itself in Redis every second, and one that has not for ten is gone. The last
 * known number holds while Redis is away.
 */
public final class Siblings {
    private static final byte[] KEY = "gatehouse:gateways".getBytes(StandardCharsets.UTF_8);
    private static final long EVERY_MILLIS = 1_000;
    private static final long GONE_MILLIS = 10_000;

    private final byte[] node;
    private final InstantSource clock;
    private volatile int count = 1;
    private @Nullable LoopRedis redis;

    public Siblings(String node, InstantSource clock) {
        this.node = node.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /** Gateways that share the tenants' limits, this one included. */
    public int count() {
        return count;
    }

    public void start(Vertx vertx, String url, RedisResources resources) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        context.runOnContext(v -> {
            LoopRedis own = new LoopRedis(context.nettyEventLoop(), RedisURI.create(url), resources);
            redis = own;
            vertx.setPeriodic(EVERY_MILLIS, id -> sign(own));
        });
    }

    private void sign(LoopRedis own) {
        long now = clock.millis();
        own.send(integer(CommandType.ZADD, args().addKey(KEY).add(now).add(node)));
        own.send(integer(
                CommandType.ZREMRANGEBYSCORE, args().addKey(KEY).add("-inf").add(now - GONE_MILLIS)));
        own.send(new Command<>(CommandType.ZCARD, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args().addKey(KEY)) {
            @Override
            public void complete() {
                super.complete();
                Long found = get();
                if (found != null && found > 0) {
                    count = found.intValue();
                }
            }
        });
    }

    private static Command<byte[], byte[], Long> integer(CommandType type, CommandArgs<byte[], byte[]> args) {
        return new Command<>(type, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args);
    }

    private static CommandArgs<byte[], byte[]> args() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }

    public void close() {
        if (redis != null) {
            redis.close();
        }
    }
}
