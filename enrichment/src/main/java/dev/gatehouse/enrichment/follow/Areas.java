package dev.gatehouse.enrichment.follow;

import dev.gatehouse.kernel.area.Area;
import org.jspecify.annotations.Nullable;

/** Which market and which area a home counts to. */
public final class Areas {
    private static final int CELL = 5;

    private Areas() {}

    /** What one model is trained on: the county, or the city where no county is known; as in {@code lucas-oh}. */
    public static String market(@Nullable String county, @Nullable String city, @Nullable String state) {
        if (county != null && !county.isBlank()) {
            return Area.county(county, state).code();
        }
        return city != null && !city.isBlank() ? Area.city(city, state).code() : "elsewhere";
    }

    /** The postal code, or a cell of about 5 km where none is known; null when the place is not known, either. */
    public static @Nullable String of(
            @Nullable String postalCode, @Nullable Double latitude, @Nullable Double longitude) {
        if (postalCode != null && !postalCode.isBlank()) {
            return Area.zip(postalCode).text();
        }
        return latitude == null || longitude == null
                ? null
                : Area.geohash(latitude, longitude, CELL).text();
    }
}
