package dev.gatehouse.webhooks.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an attempt means for its delivery and for its endpoint. Five failures in a row, of different deliveries,
 * open the breaker: from then on deliveries are parked and only one at a time is tried, first after 30 s, then after twice
 * as long each time up to 15 minutes. A success closes it.
 *
 * <p>An answer such as 422 may be about the one message, so it weighs a fourth: a receiver that refuses twenty different
 * messages in a row takes none. It is up, though, so that such an attempt counts against the schedule even while the breaker is
 * open; one that meets a receiver that is down does not.
 */
public final class Judge {
    /** Weight of failures in a row at which the breaker opens. */
    static final int WEIGHT_TO_OPEN = 20;

    static final int RECEIVER_FAILED = 4;
    static final int MESSAGE_REFUSED = 1;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /** An endpoint that has failed for so long is disabled. */
    public static final Duration PATIENCE = Duration.ofDays(5);

    /** After which a delivery that could not be tried is tried again. */
    static final Duration OUR_PAUSE = Duration.ofSeconds(20);

    private static final int GONE = 410;
    // about the message, not the receiver
    private static final Set<Integer> ABOUT_THE_MESSAGE = Set.of(400, 409, 413, 422);
    private static final int TOO_MANY = 429;

    private final RandomGenerator chance;

    public Judge(RandomGenerator chance) {
        this.chance = chance;
    }

    /**
     * @param health of the endpoint afterwards
     * @param disable why the endpoint is to be disabled; null when it is not
     */
    public record Judged(
            Verdict verdict, Health health, @Nullable String disable) {}

    public Judged judge(Health health, Finished finished) {
        if (finished.isSuccess()) {
            return new Judged(new Verdict.Delivered(), Health.GOOD, null);
        }
        if (finished.isOurs()) {
            Duration wait = Duration.ofMillis((long) (OUR_PAUSE.toMillis() * (0.8 + 0.4 * chance.nextDouble())));
            return new Judged(new Verdict.Postponed(finished.at().plus(wait)), health, null);
        }
        Integer status = finished.response().status();
        if (status != null && status == GONE) {
            return new Judged(
                    new Verdict.Dead("the receiver answered 410 Gone"), health, "The receiver answered 410 Gone.");
        }
        boolean refused = status != null && (ABOUT_THE_MESSAGE.contains(status) || status == TOO_MANY);
        Health next = worse(health, finished, refused ? MESSAGE_REFUSED : RECEIVER_FAILED);
        String disable = next.failingSince() != null
                        && !finished.at().isBefore(next.failingSince().plus(PATIENCE))
                ? "No delivery has succeeded for " + PATIENCE.toDays() + " days."
                : null;
        return new Judged(health.isOpen() && !refused ? new Verdict.Parked() : retry(finished), next, disable);
    }

    private Verdict retry(Finished finished) {
        int attempts = finished.due().attempts() + 1;
        Optional<Duration> wait = Schedule.waitAfter(attempts, finished.retryAfter(), chance);
        return wait.<Verdict>map(duration -> new Verdict.Retry(finished.at().plus(duration)))
                .orElseGet(() -> new Verdict.Dead("attempt " + attempts + " was the last and failed"));
    }

    private static Health worse(Health health, Finished finished, int weight) {
        Instant since = Objects.requireNonNullElse(health.failingSince(), finished.at());
        String id = finished.due().id();
        int failures = id.equals(health.lastFailed()) ? health.failures() : health.failures() + weight;
        if (health.openUntil() != null) {
            // results of attempts begun before it opened change nothing
            boolean probe = !finished.at().isBefore(health.openUntil().minus(PROBE_TERM));
            int trips = probe ? health.trips() + 1 : health.trips();
            Instant until = probe ? finished.at().plus(pause(trips)) : health.openUntil();
            return new Health(since, failures, id, until, trips);
        }
        return failures >= WEIGHT_TO_OPEN
                ? new Health(since, failures, id, finished.at().plus(pause(1)), 1)
                : new Health(since, failures, id, null, 0);
    }

    /** For how long a worker that takes the probe keeps others from trying, too. */
    static final Duration PROBE_TERM = Duration.ofSeconds(20);

    private static Duration pause(int trips) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(10, trips - 1));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
