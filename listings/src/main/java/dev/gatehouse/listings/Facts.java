package dev.gatehouse.listings;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a home.
 *
 * @param livingArea square feet
 * @param lotSize square feet
 * @param assessedValue by the tax authority
 */
public record Facts(
        String propertyType,
        @Nullable String propertySubType,
        @Nullable Integer bedrooms,
        @Nullable Integer bathroomsFull,
        @Nullable Integer bathroomsHalf,
        @Nullable BigDecimal livingArea,
        @Nullable BigDecimal lotSize,
        @Nullable Integer yearBuilt,
        @Nullable BigDecimal stories,
        @Nullable BigDecimal assessedValue) {

    /** Full and half together; null when neither is known. */
    public @Nullable Integer bathrooms() {
        return bathroomsFull == null && bathroomsHalf == null
                ? null
                : Stream.of(bathroomsFull, bathroomsHalf)
                        .filter(Objects::nonNull)
                        .mapToInt(Integer::intValue)
                        .sum();
    }
}
