package dev.gatehouse.gateway.turn;

/**
 * The limit of a pool's concurrency, moved once a window of 100 ms by additive increase and multiplicative decrease on what
 * its tenants' calls say, each tenant having one voice. It falls only when several tenants' calls are slow or fail and
 * nobody's are as usual, and not below what the last seconds showed to be needed; it rises while it is used and somebody's
 * calls are as usual. What a single tenant finds slow is a matter of its own limit ({@link LaneLimit}). Pure arithmetic;
 * called by one thread at a time.
 */
final class AdaptiveLimit {
    static final int FIRST = 100;
    static final int LEAST = 8;
    static final int MOST = 4_000;

    private static final double DECREASE = 0.9;
    private static final double INCREASE = 0.05;

    private double limit = FIRST;

    int value() {
        return (int) limit;
    }

    /**
     * @param unwell tenants whose calls are slow or fail
     * @param usual tenants whose calls take what they take
     * @param shown calls at once that the last seconds' answers would have needed at their usual time
     * @param mostInFlight calls that were with the pool at once
     * @return the limit from now on
     */
    int adapt(int unwell, int usual, double shown, int mostInFlight) {
        if (unwell > 1 && usual == 0) {
            // from what is used, not from what nobody used: otherwise an idle pool's large limit takes seconds to bite
            double least = Math.max(LEAST, Math.ceil(shown));
            limit = Math.min(limit, Math.max(least, Math.min(limit, mostInFlight) * DECREASE));
        } else if (usual > 0 && stateOf(mostInFlight) == PoolState.BUSY) {
            limit = Math.min(MOST, limit + Math.max(1, limit * INCREASE));
        }
        return value();
    }

    PoolState stateOf(int mostInFlight) {
        return mostInFlight * 2 >= value() ? PoolState.BUSY : PoolState.AT_EASE;
    }
}
