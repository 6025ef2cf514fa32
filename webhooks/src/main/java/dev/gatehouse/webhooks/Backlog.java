package dev.gatehouse.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What waits for an endpoint.
 *
 * @param pending deliveries
 * @param oldest when the oldest of them was made; null when none waits
 * @param perSecond deliveries of the last minute that succeeded, per second
 * @param drainSeconds how long the backlog takes at that pace; null while nothing moves
 * @param dead deliveries that were given up
 */
public record Backlog(
        long pending,
        @Nullable Instant oldest,
        double perSecond,
        @Nullable Long drainSeconds,
        long dead) {}
