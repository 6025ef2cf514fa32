package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;

/** One endpoint as a worker serves it. Guarded by the lock of {@link Turns}. */
final class Lane {
    private static final double WEIGHT = 0.2;

    final String endpoint;
    final TenantId tenant;

    /** In flight now. */
    int inFlight;
    /** Waits for its turn. */
    boolean waiting;
    /** Someone claims for it just now. */
    boolean claiming;
    /** There may be more due than was claimed. */
    boolean more;
    /** After a recovery, how many may be in flight; grows with each success. */
    int ramp = Integer.MAX_VALUE;

    private double meanNanos;
    private boolean slow;

    Lane(String endpoint, TenantId tenant) {
        this.endpoint = endpoint;
        this.tenant = tenant;
    }

    boolean isSlow() {
        return slow;
    }

    int cap(Limits limits) {
        return Math.min(ramp, slow ? limits.perSlowEndpoint() : limits.perEndpoint());
    }

    void answered(long nanos, Limits limits) {
        meanNanos = meanNanos == 0 ? nanos : meanNanos + WEIGHT * (nanos - meanNanos);
        slow = meanNanos >= limits.slowFrom().toNanos();
    }

    boolean isIdle() {
        return inFlight == 0 && !waiting && !claiming && !more && ramp == Integer.MAX_VALUE;
    }
}
