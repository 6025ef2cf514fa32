package dev.gatehouse.gateway.edge;

import java.util.HashMap;
import java.util.Map;

/**
 * When the answer to a refused call goes out. A client that floods sends its next call on a connection when it has the
 * answer to the last one, so that waiting with the answer is what slows it down: one tenant's refusals, or one address's when
 * no tenant is known, leave an event loop at {@link #PER_SECOND} at the most, after {@link #AT_ONCE} at once. None waits longer
 * than {@link #LONGEST_NANOS}. Whoever is refused now and then never waits.
 */
final class RefusalPace {
    static final int PER_SECOND = 200;
    static final int AT_ONCE = 50;
    static final long LONGEST_NANOS = 1_000_000_000L;

    private static final long GAP_NANOS = 1_000_000_000L / PER_SECOND;
    private static final long AHEAD_NANOS = AT_ONCE * GAP_NANOS;
    private static final int MOST = 10_000;

    /** When the next answer is due; behind the clock by what may go out at once. */
    private final Map<Object, Long> due = new HashMap<>();

    /**
     * Takes the next place in the row.
     *
     * @param who is refused: a tenant's id or an address
     * @return nanoseconds that the answer has to wait; 0 when it need not
     */
    long take(Object who, long nowNanos) {
        Long next = due.get(who);
        if (next == null && due.size() >= MOST) {
            return 0;
        }
        long slot = next == null ? nowNanos - AHEAD_NANOS : Math.max(next, nowNanos - AHEAD_NANOS);
        if (slot - nowNanos >= LONGEST_NANOS) {
            return LONGEST_NANOS;
        }
        due.put(who, slot + GAP_NANOS);
        return Math.max(0, slot - nowNanos);
    }

    /** Forgets who has been quiet. */
    void sweep(long nowNanos) {
        due.values().removeIf(next -> next - (nowNanos - AHEAD_NANOS) < 0);
    }
}
