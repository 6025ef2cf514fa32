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
import org.jspecify.annotations.Nullable;

/**
 * How many gateways there are: each signs itself in Redis every second, and one that has not for ten is gone, by Redis's
 * clock: the gateways' own may be apart. The last known number holds while Redis is away.
 */
public final class Siblings {
    private static final byte[] KEY = "gatehouse:gateways".getBytes(StandardCharsets.UTF_8);
    private static final long EVERY_MILLIS = 1_000;
    // who signed in the future did so before the clock stepped back, and signs again within a second if it is there
    private static final byte[] SIGN = """
            local now = tonumber(redis.call('TIME')[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 10)
            redis.call('ZREMRANGEBYSCORE', KEYS[1], now + 10, '+inf')
            redis.call('ZADD', KEYS[1], now, ARGV[1])
            return redis.call('ZCARD', KEYS[1])
            """.getBytes(StandardCharsets.UTF_8);

    private final byte[] node;
    private volatile int count = 1;
    private @Nullable LoopRedis redis;

    public Siblings(String node) {
        this.node = node.getBytes(StandardCharsets.UTF_8);
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
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add(SIGN)
                .add(1)
                .addKey(KEY)
                .add(node);
        own.send(new Command<>(CommandType.EVAL, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args) {
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

    public void close() {
        if (redis != null) {
            redis.close();
        }
    }
}
