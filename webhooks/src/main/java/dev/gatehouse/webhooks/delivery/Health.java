package dev.gatehouse.webhooks.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint has been doing.
 *
 * @param failingSince the first failure since the last success; null when there is none
 * @param failures weight of those in a row, of deliveries that differ from the one before: one that is tried again and again
 *     says little; see {@link Judge}
 * @param lastFailed the delivery that failed last
 * @param openUntil when the breaker lets the next probe through; null while it is closed
 * @param trips how often in a row it opened or stayed open
 */
public record Health(
        @Nullable Instant failingSince,
        int failures,
        @Nullable String lastFailed,
        @Nullable Instant openUntil,
        int trips) {
    public static final Health GOOD = new Health(null, 0, null, null, 0);

    public boolean isOpen() {
        return openUntil != null;
    }
}
