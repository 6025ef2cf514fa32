package dev.gatehouse.gateway.turn;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long one tenant's calls of one operation with one class of outcome take, from the request to the answer's head: lately,
 * and usually. Told by all event loops, read once a window.
 */
final class Pace {
    private static final double LEARN_DOWN = 0.1;
    private static final double LEARN_UP = 0.02;
    /** Calls in a window that are believed in full. */
    private static final double MANY = 10;

    private final LongAdder nanos = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private double usual;
    private double lately;

    void add(long tookNanos) {
        nanos.add(tookNanos);
        calls.increment();
    }

    /**
     * What the window held.
     *
     * @param tookNanos of all its calls together
     * @param usualNanos what they take usually
     */
    record Window(long calls, double tookNanos, double usualNanos) {}

    /** What a window's calls may teach. */
    enum Lesson {
        /** A trial is on, which compares with what was usual when it began. */
        NONE,
        /** A shorter time is believed. In a busy pool it may be the load that makes a longer one, which a trial finds out. */
        SHORTER,
        /** A longer time is believed too, slowly, of a pool at ease. */
        BOTH
    }

    /** Takes the window's calls out and learns from them. */
    Window next(Lesson lesson) {
        long count = calls.sumThenReset();
        double took = nanos.sumThenReset();
        if (count == 0) {
            return new Window(0, 0, 0);
        }
        double mean = took / count;
        double weight = Math.min(1, count / MANY);
        if (usual == 0) {
            usual = mean;
            lately = mean;
        }
        lately += (mean - lately) * Math.max(0.2, weight);
        if (lesson != Lesson.NONE && mean < usual) {
            usual += (mean - usual) * LEARN_DOWN * weight;
        } else if (lesson == Lesson.BOTH) {
            usual += (mean - usual) * LEARN_UP;
        }
        return new Window(count, took, usual * count);
    }

    /** What it takes lately has turned out to be what it takes, whatever the load. */
    void believeLately() {
        usual = lately;
    }

    @Override
    public String toString() {
        return Math.round(usual / 1e6) + " ms usually, " + Math.round(lately / 1e6) + " lately";
    }
}
