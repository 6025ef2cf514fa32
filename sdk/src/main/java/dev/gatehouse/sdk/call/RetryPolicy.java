package dev.gatehouse.sdk.call;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * When a call is made again, and after how long. Without a word of the API the wait is drawn evenly from nothing to a bound
 * that doubles ("full jitter", M. Brooker, Exponential Backoff And Jitter, AWS 2015). With a {@code Retry-After} it is that
 * long and up to a tenth more, so that clients who were refused together do not come back together.
 *
 * @param attempts at the most, the first included
 * @param base the bound of the first wait
 * @param most the bound of any wait
 * @param patience a {@code Retry-After} that is longer is not waited for: the call fails and says it
 */
public record RetryPolicy(int attempts, Duration base, Duration most, Duration patience) {
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
    private static final double SPREAD = 0.1;

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts is " + attempts + ": must be at least 1");
        }
    }

    /** Four attempts, from 200 ms to 10 s; waits up to a minute when the API asks for it. */
    public static RetryPolicy usual() {
        return new RetryPolicy(4, Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofMinutes(1));
    }

    public static RetryPolicy never() {
        return new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /**
     * The wait before the next attempt after an answer.
     *
     * @param made attempts so far
     * @return empty when there is to be none
     */
    public Optional<Duration> afterAnswer(int made, int status, Optional<Duration> retryAfter, RandomGenerator chance) {
        if (made >= attempts || !PASSING.contains(status)) {
            return Optional.empty();
        }
        if (retryAfter.isEmpty()) {
            return Optional.of(backOff(made, chance));
        }
        Duration asked = retryAfter.get();
        if (asked.compareTo(patience) > 0) {
            return Optional.empty();
        }
        return Optional.of(asked.plusMillis((long) (asked.toMillis() * SPREAD * chance.nextDouble()) + 1));
    }

    /** The wait before the next attempt after a connection that failed; empty when there is to be none. */
    public Optional<Duration> afterFailure(int made, RandomGenerator chance) {
        return made >= attempts ? Optional.empty() : Optional.of(backOff(made, chance));
    }

    private Duration backOff(int made, RandomGenerator chance) {
        long bound = Math.min(most.toMillis(), base.toMillis() << Math.min(made - 1, 20));
        return Duration.ofMillis((long) (bound * chance.nextDouble()));
    }

    /** Reads {@code Retry-After}, seconds or a date (RFC 9110, section 10.2.3). */
    public static Optional<Duration> retryAfter(String header, Instant now) {
        String text = header.strip();
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
