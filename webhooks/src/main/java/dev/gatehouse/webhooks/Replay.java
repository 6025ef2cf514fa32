package dev.gatehouse.webhooks;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which past deliveries of an endpoint to make again.
 *
 * @param statuses of the deliveries, as in only the dead ones
 * @param since and until bound the time at which they were made; until is exclusive
 * @param perSecond the pace at which they become due
 */
public record Replay(
        Set<Delivery.Status> statuses, @Nullable String type, Instant since, Instant until, int perSecond) {
    public Replay {
        statuses = Set.copyOf(statuses);
    }

    /**
     * What a replay would do.
     *
     * @param possibleDuplicates those that a receiver has already acknowledged
     */
    public record Preview(long count, long possibleDuplicates, long drainSeconds) {}
}
