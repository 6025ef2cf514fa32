package dev.gatehouse.webhooks.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a delivery is tried again: ten attempts over about 75 h 35 min, each wait times a uniform 0.8 to 1.2, so that
 * deliveries that failed together do not come back together.
 */
final class Schedule {
    /** The wait after each attempt but the last. */
    static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /** A receiver that asks for more than this is tried again after this all the same. */
    static final Duration LONGEST_ASKED = Duration.ofHours(6);

    private Schedule() {}

    /**
     * How long to wait; empty when there is no further attempt.
     *
     * @param attempts that counted so far, the one just made included
     * @param asked the receiver's Retry-After; makes a wait longer, never shorter
     */
    static Optional<Duration> waitAfter(int attempts, @Nullable Duration asked, RandomGenerator chance) {
        if (attempts > WAITS.size()) {
            return Optional.empty();
        }
        double factor = 0.8 + 0.4 * chance.nextDouble();
        Duration wait = Duration.ofMillis((long) (WAITS.get(attempts - 1).toMillis() * factor));
        if (asked == null) {
            return Optional.of(wait);
        }
        Duration bounded = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
        return Optional.of(bounded.compareTo(wait) > 0 ? bounded : wait);
    }
}
