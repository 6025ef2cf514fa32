package dev.gatehouse.engines;

import java.time.Duration;

/**
 * How long to wait before an engine is started again. The first attempt comes at once; each further one that fails, or whose
 * server dies young, doubles the wait up to half a minute. There is no last attempt.
 */
final class RestartPace {
    /** A server that ran for this long was well: its next death is a new story. */
    static final Duration WELL = Duration.ofMinutes(1);

    static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long FIRST_MILLIS = 250;

    private RestartPace() {}

    /** @param failures attempts in a row that failed or whose server died before {@link #WELL} */
    static Duration before(int failures) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        long millis = FIRST_MILLIS << Math.min(failures - 1, 20);
        return Duration.ofMillis(Math.min(millis, LONGEST.toMillis()));
    }
}
