package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant wants its events.
 *
 * @param id {@code whe_…}
 * @param mode of the keys that see it; one of {@link KeyMode#TEST} gets no events but those sent as a test
 * @param eventTypes what it wants; empty for every type
 * @param reason why it is disabled; null while it is not
 * @param breaker whether deliveries are parked
 * @param ordered whether deliveries about one property are made one after another, in the order of their sequence
 * @param failingSince since when no attempt has succeeded; null when the last one did
 * @param previousSecretUntil until when the last of the replaced secrets signs, too; null when none does
 * @param version grows with each change of what is shown here, except of the breaker
 */
public record Endpoint(
        String id,
        TenantId tenant,
        KeyMode mode,
        String url,
        String description,
        List<String> eventTypes,
        EventFilter filter,
        Status status,
        @Nullable String reason,
        Breaker breaker,
        @Nullable Instant failingSince,
        @Nullable Instant previousSecretUntil,
        Signing signing,
        boolean ordered,
        Instant createdAt,
        Instant updatedAt,
        long version) {

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

    /** Version of Standard Webhooks' signatures. */
    public enum Scheme {
        /** HMAC-SHA-256 with a secret that both sides hold. */
        V1,
        /** Ed25519: the receiver holds a public key. */
        V1A
    }

    /** @param publicKey {@code whpk_…} of {@link Scheme#V1A}; null with {@link Scheme#V1} */
    public record Signing(Scheme scheme, @Nullable String publicKey) {}

    public Endpoint {
        eventTypes = List.copyOf(eventTypes);
    }
}
