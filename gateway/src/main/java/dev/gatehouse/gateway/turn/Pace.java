package dev.gatehouse.gateway.turn;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long one operation takes a pool, from the request to the answer's head: what it took lately, and what it takes when
 * the pool has nothing else to do. Told by all event loops, read once a window.
 */
final class Pace {
    private static final double LEARN_DOWN = 0.3;
    private static final double LEARN_UP = 0.02;

    private final LongAdder nanos = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private double usual;

    void add(long tookNanos) {
        nanos.add(tookNanos);
        calls.increment();
    }

    /**
     * What the window held.
     *
     * @param tookNanos of all its calls together
     * @param usualNanos what they take when the pool is at ease
     */
    record Window(long calls, double tookNanos, double usualNanos) {}

    /**
     * Takes the window's calls out and learns from them. A time above the usual one is believed only of a pool at ease: in
     * a busy one it is the load that makes it.
     */
    Window next(PoolState state) {
        long count = calls.sumThenReset();
        double took = nanos.sumThenReset();
        if (count == 0) {
            return new Window(0, 0, 0);
        }
        double mean = took / count;
        if (usual == 0) {
            usual = mean;
        } else if (mean < usual) {
            usual += (mean - usual) * LEARN_DOWN;
        } else if (state == PoolState.AT_EASE) {
            usual += (mean - usual) * LEARN_UP;
        }
        return new Window(count, took, usual * count);
    }
}
