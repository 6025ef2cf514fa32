package dev.gatehouse.gateway.journal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Forces what was appended to the disk, on a thread of its own: the shipper may have to wait for Redis for seconds, and
 * what a loss of power costs must not depend on that.
 */
final class JournalSync implements Runnable {
    private final Duration every;
    private final Runnable force;
    private volatile long times;

    /** @param force forces every segment there is */
    JournalSync(Duration every, Runnable force) {
        this.every = every;
        this.force = force;
    }

    /** How often it was done. */
    long times() {
        return times;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            long begun = System.nanoTime();
            force.run();
            // only this thread writes it
            times++;
            try {
                TimeUnit.NANOSECONDS.sleep(every.toNanos() - (System.nanoTime() - begun));
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
