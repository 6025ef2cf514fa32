package dev.gatehouse.gateway.turn;

/**
 * The limit of a pool's concurrency, moved once a window of 100 ms by additive increase and multiplicative decrease on
 * how much longer calls take than usual.
 *
 * <p>Each operation is compared with itself, as a pool serves look-ups of a millisecond beside searches of a hundred; that
 * is what limits which know one round trip time for all (Vegas, Gradient2) cannot tell from saturation. A window is slow
 * when its calls took more than twice their usual time and more than 10 ms beyond it; or when targets failed. Pure
 * arithmetic; called by one thread at a time.
 */
final class AdaptiveLimit {
    static final int FIRST = 100;
    static final int LEAST = 8;
    static final int MOST = 4_000;

    private static final double SLOWER = 2.0;
    private static final double SLACK_NANOS = 10e6;
    private static final double DECREASE = 0.9;
    private static final double INCREASE = 0.05;

    private double limit = FIRST;

    int value() {
        return (int) limit;
    }

    /**
     * @param calls answered in the window
     * @param mostInFlight calls that were with the pool at once
     * @param failures targets that could not be reached, or did not answer in time
     * @return the limit from now on
     */
    int adapt(long calls, double tookNanos, double usualNanos, int mostInFlight, long failures) {
        boolean slow = calls > 0 && tookNanos > SLOWER * usualNanos && tookNanos - usualNanos > SLACK_NANOS * calls;
        if (slow || failures > 0) {
            // from what is used, not from what nobody used: otherwise an idle pool's large limit takes seconds to bite
            limit = Math.max(LEAST, Math.min(limit, mostInFlight) * DECREASE);
        } else if (stateOf(mostInFlight) == PoolState.BUSY) {
            limit = Math.min(MOST, limit + Math.max(1, limit * INCREASE));
        }
        return value();
    }

    PoolState stateOf(int mostInFlight) {
        return mostInFlight * 2 >= value() ? PoolState.BUSY : PoolState.AT_EASE;
    }
}
