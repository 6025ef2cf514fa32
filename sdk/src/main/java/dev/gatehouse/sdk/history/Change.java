package dev.gatehouse.sdk.history;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One field of a home or of one of its listings that changed.
 *
 * @param changeType as in {@code Price Change} or {@code Closed}
 * @param fieldName as in {@code ListPrice}
 * @param previousValue null when nothing was said before, or your plan does not include it
 * @param modificationTimestamp when it happened; a sale of which only the day is known stands at its midnight, UTC
 * @param recordedTimestamp when it became known
 */
@JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
public record Change(
        String historyTransactionalKey,
        String propertyKey,
        @Nullable String listingKey,
        String originatingSystemName,
        String changeType,
        String fieldName,
        @Nullable String previousValue,
        @Nullable String newValue,
        Instant modificationTimestamp,
        Instant recordedTimestamp) {}
