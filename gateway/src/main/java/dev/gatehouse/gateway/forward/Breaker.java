package dev.gatehouse.gateway.forward;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps calls away from a target that fails: after {@link #FAILURES} failures in a row it opens for 1 s, twice as long
 * each time it opens again without a success in between, up to 30 s. When the time is over, one call at a time tries.
 */
public final class Breaker {
    static final int FAILURES = 5;

    private static final long FIRST_NANOS = 1_000_000_000L;
    private static final long LONGEST_NANOS = 30_000_000_000L;

    private volatile int failures;
    private volatile int openings;
    private volatile long openUntil;
    private volatile boolean open;
    private final AtomicLong trial = new AtomicLong();

    /** Whether a call may go to the target; takes the trial when the breaker is half open. */
    public boolean allows(long nowNanos) {
        if (!open) {
            return true;
        }
        if (nowNanos - openUntil < 0) {
            return false;
        }
        long last = trial.get();
        return (last == 0 || nowNanos - last > FIRST_NANOS) && trial.compareAndSet(last, nowNanos);
    }

    public boolean isOpen() {
        return open;
    }

    public void succeeded() {
        if (failures != 0 || open) {
            close();
        }
    }

    private synchronized void close() {
        failures = 0;
        openings = 0;
        open = false;
        trial.set(0);
    }

    public synchronized void failed(long nowNanos) {
        failures++;
        if (open || failures >= FAILURES) {
            openUntil = nowNanos + Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(openings, 5));
            openings++;
            open = true;
            trial.set(0);
        }
    }
}
