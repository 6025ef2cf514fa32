package dev.gatehouse.enrichment;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a home.
 *
 * @param originatingSystem who says so, as in {@code lucas-county}
 * @param lastSale null when none is known
 */
public record Home(
        String propertyKey,
        String originatingSystem,
        Place place,
        Structure structure,
        @Nullable LastSale lastSale) {

    /** @param latitude degrees, WGS 84; null together with {@code longitude} */
    public record Place(
            @Nullable String address,
            @Nullable String unit,
            @Nullable String city,
            @Nullable String postalCode,
            @Nullable String county,
            @Nullable String state,
            @Nullable Double latitude,
            @Nullable Double longitude) {}

    /**
     * @param livingArea square feet
     * @param lotSize square feet
     * @param assessedValue by the tax authority, US dollars
     */
    public record Structure(
            @Nullable String propertyType,
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
            if (bathroomsFull == null && bathroomsHalf == null) {
                return null;
            }
            return (bathroomsFull == null ? 0 : bathroomsFull) + (bathroomsHalf == null ? 0 : bathroomsHalf);
        }
    }

    /** @param price US dollars */
    public record LastSale(BigDecimal price, LocalDate date) {}
}
