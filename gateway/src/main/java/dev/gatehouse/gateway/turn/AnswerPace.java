package dev.gatehouse.gateway.turn;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When the answers that nobody pays for go out, to one tenant or one address. So many go out at once, those that follow at an
 * even pace; none waits longer than {@link #LONGEST_NANOS}. A client that floods sends its next call on a connection when it
 * has the answer to the last one, so that waiting is what slows it down. Whoever is refused now and then never waits.
 *
 * <p>Holds one number. Shared by all event loops.
 */
public final class AnswerPace {
    /** Refusals, and calls that cost nothing, a second. */
    public static final int PER_SECOND = 200;

    /** Of those, at once, after a rest. */
    public static final int AT_ONCE = 200;

    /** Calls a second that were let in and whose cost was given back, as the service failed them; as many at once. */
    public static final int GIVEN_BACK_PER_SECOND = 1_000;

    public static final long LONGEST_NANOS = 1_000_000_000L;

    private final long gapNanos;
    private final long aheadNanos;

    /** When the next answer is due; behind the clock by what may go out at once. */
    private final AtomicLong due;

    /** @param nowNanos as {@link System#nanoTime}, which is what all times here are on */
    public AnswerPace(int perSecond, int atOnce, long nowNanos) {
        gapNanos = 1_000_000_000L / perSecond;
        aheadNanos = atOnce * gapNanos;
        due = new AtomicLong(nowNanos - aheadNanos);
    }

    /** A pace of {@link #PER_SECOND} after {@link #AT_ONCE}. */
    public static AnswerPace ofUnpaid(long nowNanos) {
        return new AnswerPace(PER_SECOND, AT_ONCE, nowNanos);
    }

    /**
     * Takes the next place in the row; none, when that is {@link #LONGEST_NANOS} away.
     *
     * @return nanoseconds that the answer has to wait; 0 when it need not
     */
    public long take(long nowNanos) {
        while (true) {
            long next = due.get();
            long slot = Math.max(next - nowNanos, -aheadNanos) + nowNanos;
            if (slot - nowNanos >= LONGEST_NANOS) {
                return LONGEST_NANOS;
            }
            if (due.compareAndSet(next, slot + gapNanos)) {
                return Math.max(0, slot - nowNanos);
            }
        }
    }

    /** Nanoseconds that an answer would have to wait now; takes nothing. */
    public long behind(long nowNanos) {
        return Math.max(0, due.get() - nowNanos);
    }

    /** Whether as many may go out at once as ever. */
    public boolean isAtRest(long nowNanos) {
        return due.get() - nowNanos <= -aheadNanos;
    }
}
