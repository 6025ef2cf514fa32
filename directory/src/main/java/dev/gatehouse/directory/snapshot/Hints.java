package dev.gatehouse.directory.snapshot;

import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.RedisException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells gateways over Redis that there is something to poll for. One that is lost costs a gateway 250 ms. */
public final class Hints implements LongConsumer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

    private final Redis redis;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public Hints(Redis redis) {
        this.redis = redis;
    }

    @Override
    public void accept(long version) {
        threads.execute(() -> {
            try {
                redis.commands().publish(DirectorySnapshot.CHANNEL, Long.toString(version));
            } catch (RedisException e) {
                LOG.debug("version {} is not published: gateways find it at their next poll", version, e);
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
