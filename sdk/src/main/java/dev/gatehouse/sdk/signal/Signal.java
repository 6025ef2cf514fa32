package dev.gatehouse.sdk.signal;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something about one home that is worth knowing.
 *
 * @param signalType as in {@code price_cut}
 * @param severity {@code low}, {@code medium} or {@code high}
 * @param price paid for a sold home, asked for any other; US dollars
 * @param evidence the figures that it rests on; null when your plan does not include it
 */
@JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
public record Signal(
        String signalId,
        String signalType,
        String severity,
        Instant raisedAt,
        Instant occurredAt,
        String listingKey,
        String propertyKey,
        @Nullable String originatingSystemName,
        @Nullable String unparsedAddress,
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String countyOrParish,
        @Nullable String stateOrProvince,
        @Nullable Double latitude,
        @Nullable Double longitude,
        @Nullable String propertyType,
        @Nullable BigDecimal price,
        @Nullable Map<String, @Nullable Object> evidence) {}
