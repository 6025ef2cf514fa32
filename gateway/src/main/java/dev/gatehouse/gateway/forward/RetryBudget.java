package dev.gatehouse.gateway.forward;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds retries to a tenth of a pool's calls, with ten to start from, so that a service that fails is not asked twice as
 * much just then.
 */
public final class RetryBudget {
    private static final int RETRY = 10;
    private static final int MOST = 100 * RETRY;

    private final AtomicInteger credit = new AtomicInteger(10 * RETRY);

    /** A call was answered: earns a tenth of a retry. */
    public void earn() {
        if (credit.get() < MOST) {
            credit.incrementAndGet();
        }
    }

    /** Whether one retry may be made; takes it when so. */
    public boolean take() {
        int now;
        do {
            now = credit.get();
            if (now < RETRY) {
                return false;
            }
        } while (!credit.compareAndSet(now, now - RETRY));
        return true;
    }
}
