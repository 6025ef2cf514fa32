package dev.gatehouse.billing.close;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A few pieces of work at a time, beside the one who hands them out. No more are taken than can be begun soon; the first
 * fault ends the whole, and is thrown as it is.
 */
final class Lanes implements AutoCloseable {
    private static final int MOST = 4;

    private final ExecutorService lanes;
    private final Semaphore free;
    private final AtomicReference<@Nullable RuntimeException> fault = new AtomicReference<>();
    private final AtomicReference<@Nullable Error> error = new AtomicReference<>();

    Lanes() {
        int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST);
        lanes = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("billing-close-", 0).daemon().factory());
        free = new Semaphore(2 * count);
    }

    /** Takes a piece of work, and waits while all lanes are full. */
    void take(Runnable work) {
        rethrow();
        free.acquireUninterruptibly();
        lanes.execute(() -> {
            try {
                if (fault.get() == null && error.get() == null) {
                    work.run();
                }
            } catch (RuntimeException e) {
                fault.compareAndSet(null, e);
            } catch (Error e) {
                error.compareAndSet(null, e);
            } finally {
                free.release();
            }
        });
    }

    /** Waits for everything that was taken. */
    void finish() {
        lanes.close();
        rethrow();
    }

    private void rethrow() {
        Error broken = error.get();
        if (broken != null) {
            throw broken;
        }
        RuntimeException failed = fault.get();
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public void close() {
        lanes.close();
    }
}
