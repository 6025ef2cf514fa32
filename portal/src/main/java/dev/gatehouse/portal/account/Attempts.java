package dev.gatehouse.portal.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts attempts by who makes them and refuses those past a number in a time: a window that begins with the first one.
 * Bounded: the counts begun first are forgotten first.
 */
public final class Attempts {
    private static final int KEPT = 50_000;

    private final int allowed;
    private final Duration window;
    private final InstantSource clock;
    private final Map<String, Count> counts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > KEPT;
        }
    };

    private record Count(Instant begun, int made) {}

    public Attempts(int allowed, Duration window, InstantSource clock) {
        this.allowed = allowed;
        this.window = window;
        this.clock = clock;
    }

    /** Counts one. @return zero when it may be made; else how long to wait until one may */
    public synchronized Duration take(String who) {
        Instant now = clock.instant();
        Count count = counts.get(who);
        if (count == null || !now.isBefore(count.begun().plus(window))) {
            counts.remove(who);
            count = new Count(now, 0);
        }
        counts.put(who, new Count(count.begun(), Math.min(count.made() + 1, allowed + 1)));
        return count.made() < allowed
                ? Duration.ZERO
                : Duration.between(now, count.begun().plus(window));
    }

    /** Takes one back that turned out to be none of those that are counted. */
    public synchronized void giveBack(String who) {
        counts.computeIfPresent(
                who, (name, count) -> count.made() <= 1 ? null : new Count(count.begun(), count.made() - 1));
    }

    public synchronized void forget(String who) {
        counts.remove(who);
    }

    /** How many are counted for now; never more than a bound. */
    synchronized int size() {
        return counts.size();
    }
}
