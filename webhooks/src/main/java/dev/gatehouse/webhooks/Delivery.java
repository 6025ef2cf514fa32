package dev.gatehouse.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message for one endpoint.
 *
 * @param id {@code dlv_…}
 * @param message {@code msg_…}, sent as {@code webhook-id}: the same on every attempt and replay
 * @param attempts that counted against the schedule
 * @param dueAt when the next attempt is due, while it is pending
 * @param lastStatus the last answer's HTTP status; null when there was none
 * @param lastError why the last attempt failed; null when it did not
 */
public record Delivery(
        String id,
        String endpoint,
        String message,
        String type,
        String subject,
        long sequence,
        Origin origin,
        Status status,
        int attempts,
        Instant dueAt,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** Why there is a delivery. */
    public enum Origin {
        EVENT,
        TEST,
        REPLAY
    }

    /** What became of it. */
    public enum Status {
        PENDING,
        DELIVERED,
        /** Given up; kept, and can be sent again. */
        DEAD,
        CANCELLED
    }
}
