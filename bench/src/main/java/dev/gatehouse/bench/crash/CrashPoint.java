package dev.gatehouse.bench.crash;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a process of a drill dies by itself: at the n-th time it reaches a step, at once and without any cleaning up, as
 * kill -9 does. Given as {@code STEP:n} in the property {@code crash.point}.
 */
final class CrashPoint {
    /** The exit code of a process that died at its point, unlike that of one that was killed or failed. */
    static final int DIED = 86;

    /** The point of a process that is to live. */
    static final String NONE = "none:1";

    private final String step;
    private final AtomicInteger left;

    private CrashPoint(String step, int times) {
        this.step = step;
        this.left = new AtomicInteger(times);
    }

    static CrashPoint ofProperty() {
        String[] given = System.getProperty("crash.point", NONE).split(":", 2);
        return new CrashPoint(given[0], Integer.parseInt(given[1]));
    }

    void reached(Enum<?> reached) {
        if (reached.name().equals(step) && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(DIED);
        }
    }
}
