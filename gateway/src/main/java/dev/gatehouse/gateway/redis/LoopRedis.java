package dev.gatehouse.gateway.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis on one event loop, used from that loop alone: replies arrive on it, and whatever was sent
 * within one pass of the loop goes out in one flush at its end.
 *
 * <p>A command is sent at most once: nothing is queued while the connection is down, and nothing is sent again when it
 * is back.
 */
public final class LoopRedis {
    private static final Logger LOG = LoggerFactory.getLogger(LoopRedis.class);
    private static final long RETRY_MILLIS = 250;

    private final EventLoop loop;
    private final RedisClient client;
    private final RedisURI uri;
    private final Runnable flush = this::flush;
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;
    private volatile boolean connected;
    private volatile boolean closed;
    private boolean flushDue;

    /** Starts to connect at once and goes on until it is closed; {@link #isConnected} tells how it stands. */
    public LoopRedis(EventLoop loop, RedisURI uri, RedisResources shared) {
        this.loop = loop;
        this.uri = uri;
        ClientResources resources = shared.on(loop);
        client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .requestQueueSize(100_000)
                // whoever sends has a patience of its own; a timer a command would hold each for a minute after its
                // answer
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(1))
                        .tcpNoDelay(true)
                        .keepAlive(true)
                        .build())
                .build());
        client.addListener(new Watch());
        connect();
    }

    private void connect() {
        var unused = client.connectAsync(ByteArrayCodec.INSTANCE, uri)
                .whenComplete((opened, failure) -> loop.execute(() -> opened(opened, failure)));
    }

    private void opened(@Nullable StatefulRedisConnection<byte[], byte[]> opened, @Nullable Throwable failure) {
        if (opened != null) {
            opened.setAutoFlushCommands(false);
            connection = opened;
            connected = true;
        } else if (!closed && !loop.isShuttingDown()) {
            LOG.debug("no connection to Redis yet", failure);
            var unused = loop.schedule(this::connect, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    public boolean isConnected() {
        return connected;
    }

    /**
     * Sends a command with this pass of the loop; false when the connection is down, and then the command is untouched.
     */
    public boolean send(RedisCommand<byte[], byte[], ?> command) {
        StatefulRedisConnection<byte[], byte[]> open = connection;
        if (!connected || open == null) {
            return false;
        }
        open.dispatch(command);
        if (!flushDue) {
            flushDue = true;
            loop.execute(flush);
        }
        return true;
    }

    private void flush() {
        flushDue = false;
        if (connection != null) {
            connection.flushCommands();
        }
    }

    public void close() {
        closed = true;
        connected = false;
        var unused = client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }

    private final class Watch implements RedisConnectionStateListener {
        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
            connected = connection != null && !closed;
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            connected = false;
        }
    }
}
