package dev.gatehouse.sdk.enrichment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Many homes asked for at once.
 *
 * @param status {@code queued}, {@code running}, {@code done} or {@code cancelled}
 * @param done rows that are answered, failed ones included
 * @param units that the rows cost so far
 * @param expiresAt when it is deleted with its result; null while it is not over
 */
public record Batch(
        String id,
        String status,
        int rows,
        int done,
        int failed,
        long units,
        Instant createdAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt) {

    /** Whether its result can be read. */
    public boolean isOver() {
        return status.equals("done") || status.equals("cancelled");
    }
}
