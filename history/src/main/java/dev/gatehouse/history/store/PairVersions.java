package dev.gatehouse.history.store;

import dev.gatehouse.kernel.area.Area;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A number for each area's pairs of sales that rises when one of them changes. Squares have theirs by their first four letters,
 * a larger square that of all pairs: a change may raise more than it touched, and never less.
 */
final class PairVersions {
    /** Stands for all pairs together. */
    static final String EVERYWHERE = "*";

    private static final int SQUARE = 4;

    private PairVersions() {}

    /** The version of an area's pairs; 0 before the first. */
    static long of(Handle handle, Area area) {
        String known = switch (area.kind()) {
            case GEOHASH -> area.code().length() < SQUARE ? EVERYWHERE : square(area.code());
            case COUNTY, ZIP, CITY -> area.text();
        };
        return handle.createQuery("SELECT version FROM pairs_version WHERE area = :area")
                .bind("area", known)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** What a pair there counts in, by the names that versions have. */
    static List<String> areas(
            @Nullable String county, @Nullable String zip, @Nullable String city, @Nullable String geohash) {
        return Stream.of(county, zip, city, geohash == null ? null : square(geohash))
                .filter(Objects::nonNull)
                .toList();
    }

    static void rise(Handle transaction, Collection<String> areas) {
        transaction
                .createUpdate("""
                        INSERT INTO pairs_version AS v (area, version) SELECT unnest(:areas), 1
                        ON CONFLICT (area) DO UPDATE SET version = v.version + 1
                        """)
                .bindArray("areas", String.class, List.copyOf(areas))
                .execute();
    }

    private static String square(String geohash) {
        return "geohash:" + geohash.substring(0, Math.min(SQUARE, geohash.length()));
    }
}
