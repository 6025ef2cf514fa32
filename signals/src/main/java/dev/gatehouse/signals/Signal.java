package dev.gatehouse.signals;

import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something about one home that is worth knowing.
 *
 * @param id {@code sig_…}
 * @param raisedAt when it was raised here; of what happened before this service was there, when it happened
 * @param occurredAt when what it says happened
 * @param price paid for a sold home, asked for any other; US dollars
 * @param evidence the figures that it rests on
 */
public record Signal(
        String id,
        SignalType type,
        Severity severity,
        Instant raisedAt,
        Instant occurredAt,
        String listingKey,
        String propertyKey,
        @Nullable String originatingSystem,
        @Nullable String address,
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String county,
        @Nullable String state,
        @Nullable Double latitude,
        @Nullable Double longitude,
        @Nullable String propertyType,
        @Nullable BigDecimal price,
        Map<String, @Nullable Object> evidence) {}
