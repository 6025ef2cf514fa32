package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant wants its events.
 *
 * @param id {@code whe_…}
 * @param eventTypes what it wants; empty for every type
 * @param reason why it is disabled; null while it is not
 * @param breaker whether deliveries are parked
 * @param failingSince since when no attempt has succeeded; null when the last one did
 */
public record Endpoint(
        String id,
        TenantId tenant,
        String url,
        String description,
        List<String> eventTypes,
        EventFilter filter,
        Status status,
        @Nullable String reason,
        Breaker breaker,
        @Nullable Instant failingSince,
        @Nullable Instant previousSecretUntil,
        Instant createdAt,
        Instant updatedAt) {

    /** Whether an endpoint is delivered to. */
    public enum Status {
        ENABLED,
        /** Deliveries are made and wait. */
        PAUSED,
        /** Nothing is delivered; what waited is dead-lettered and can be sent again. */
        DISABLED
    }

    /** Whether attempts are made. */
    public enum Breaker {
        CLOSED,
        /** Deliveries are parked and burn no attempts; one at a time is tried. */
        OPEN
    }

    public Endpoint {
        eventTypes = List.copyOf(eventTypes);
    }
}
