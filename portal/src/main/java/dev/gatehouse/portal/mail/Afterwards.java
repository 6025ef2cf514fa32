package dev.gatehouse.portal.mail;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done after its request was answered, so that the time of the answer says nothing about it: looking for an
 * account, and sending it mail. Bounded: what finds no room is left out and logged.
 */
public final class Afterwards implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Afterwards.class);
    private static final int AT_ONCE = 2;
    private static final int WAITING = 2_000;
    private static final Duration END = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("portal-afterwards-", 0).daemon().factory());

    /** @param what it is, for the log */
    public void doLater(String what, Runnable work) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.error("After a request was answered, this failed: {}", what, e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.error("There is more to do after requests than can be done, so this is left out: {}", what);
        }
    }

    /** Waits until all is done that was put off, at most for a while. */
    public void finish() {
        long deadline = System.nanoTime() + END.toNanos();
        while ((threads.getActiveCount() > 0 || threads.getCompletedTaskCount() < threads.getTaskCount())
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Does what was put off, at most for a while, and takes nothing more. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
