package dev.gatehouse.runtime.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Redis for code that may block. Gateways hold connections of their own, one on each event loop. */
public final class Redis implements AutoCloseable {
    private static final long PAUSE_NANOS = 100_000_000L;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private Redis(RedisClient client) {
        this.client = client;
        this.connection = client.connect(StringCodec.UTF8);
    }

    /** @param url as in {@code redis://127.0.0.1:6379} */
    public static Redis connect(String url) {
        RedisURI uri = RedisURI.create(url);
        uri.setTimeout(Duration.ofSeconds(2));
        RedisClient client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(Duration.ofSeconds(2)))
                .build());
        try {
            return new Redis(client);
        } catch (RuntimeException e) {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            throw e;
        }
    }

    /**
     * Like {@link #connect}, and tries again until Redis answers or the time is up: an engine may have come up only just
     * now, or the machine be busy.
     *
     * @throws RedisConnectionException when it does not answer in time
     */
    public static Redis await(String url, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return connect(url);
            } catch (RedisConnectionException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Shared by all threads; commands that block (such as XREAD with BLOCK) belong on a connection of their own. */
    public RedisCommands<String, String> commands() {
        return connection.sync();
    }

    /** A connection of the caller's own, which the caller closes. */
    public StatefulRedisConnection<String, byte[]> connectBytes() {
        return client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    }

    /** A connection for publications, which the caller closes. */
    public StatefulRedisPubSubConnection<String, String> subscribe() {
        return client.connectPubSub(StringCodec.UTF8);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
