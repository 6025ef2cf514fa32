package dev.gatehouse.listings.cache;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of the last committed write, which every cached answer is kept under. A process that writes tells it at once;
 * what others wrote is asked of the database four times a second. When the database did not say for a second, the number
 * is not known, and nothing may be answered from a cache.
 */
public final class Generation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);
    private static final long POLL_MILLIS = 250;
    private static final long TRUSTED_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier database;
    private final AtomicLong known = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("listings-generation").unstarted(this::poll);

    private Generation(LongSupplier database) {
        this.database = database;
    }

    /** @param database asks for the number of the last committed write */
    public static Generation watch(LongSupplier database) {
        Generation generation = new Generation(database);
        generation.ask();
        generation.thread.start();
        return generation;
    }

    /** A write of this process is committed. */
    public void reached(long number) {
        known.accumulateAndGet(number, Math::max);
    }

    /** Empty when it cannot be trusted. */
    public OptionalLong current() {
        return System.nanoTime() - asked.get() > TRUSTED_NANOS ? OptionalLong.empty() : OptionalLong.of(known.get());
    }

    private void ask() {
        long before = System.nanoTime();
        reached(database.getAsLong());
        asked.set(before);
    }

    private void poll() {
        try {
            while (!stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    ask();
                } catch (RuntimeException | Error e) {
                    LOG.warn("The database does not say what was written last; answers are not cached meanwhile.", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(Duration.ofSeconds(6));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
