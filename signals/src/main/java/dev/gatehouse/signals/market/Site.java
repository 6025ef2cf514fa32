package dev.gatehouse.signals.market;

import dev.gatehouse.kernel.area.Area;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a home is, as far as its events say.
 *
 * @param state two letters
 * @param latitude degrees, WGS 84; null together with {@code longitude}
 */
public record Site(
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String county,
        @Nullable String state,
        @Nullable Double latitude,
        @Nullable Double longitude) {
    /** Geohashes of these lengths have figures of their own: about 39 by 20 km, 4.9 by 4.9 km, 1.2 by 0.6 km. */
    public static final List<Integer> GEOHASH_LENGTHS = List.of(4, 5, 6);

    private static final int FINEST = 9;
    private static final int NEIGHBOURHOOD = 5;

    /** The areas whose figures the home counts in. */
    public List<String> marketAreas() {
        List<String> areas = named();
        GEOHASH_LENGTHS.forEach(length -> addCell(areas, length));
        return areas;
    }

    /** Every area that the home lies in; of its geohashes the longest, which begins with all others. */
    public List<String> areas() {
        List<String> areas = named();
        addCell(areas, FINEST);
        return areas;
    }

    /** Where like homes are looked for: the postal code, or where none is known a square of about 5 km; null for nowhere. */
    public @Nullable String neighbourhood() {
        if (postalCode != null && !postalCode.isBlank()) {
            return Area.zip(postalCode).text();
        }
        return latitude == null || longitude == null
                ? null
                : Area.geohash(latitude, longitude, NEIGHBOURHOOD).text();
    }

    private List<String> named() {
        List<String> areas = new ArrayList<>();
        Area.around(county, postalCode, city, state).forEach(area -> areas.add(area.text()));
        return areas;
    }

    private void addCell(List<String> areas, int length) {
        if (latitude != null && longitude != null) {
            areas.add(Area.geohash(latitude, longitude, length).text());
        }
    }
}
