package dev.gatehouse.events.changes;

import java.time.Duration;

/** Wakes readers that wait for the feed to grow. News of another process are not heard here; waits are therefore short. */
public final class News implements AutoCloseable {
    private static final long LONGEST_NANOS = Duration.ofSeconds(1).toNanos();

    private long last;
    private boolean closed;

    public synchronized void tell(long sequence) {
        if (sequence > last) {
            last = sequence;
            notifyAll();
        }
    }

    /** Waits until there may be something after {@code sequence}, and no longer than {@code most} or a second. */
    public synchronized void await(long sequence, Duration most) throws InterruptedException {
        long end = System.nanoTime() + Math.min(LONGEST_NANOS, most.toNanos());
        long left = end - System.nanoTime();
        while (last <= sequence && left > 0 && !closed) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** Lets every reader go. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
