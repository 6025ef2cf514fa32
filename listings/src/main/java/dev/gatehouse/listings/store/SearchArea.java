package dev.gatehouse.listings.store;

import dev.gatehouse.listings.search.Condition;
import dev.gatehouse.listings.search.Condition.LonLat;
import dev.gatehouse.listings.search.ListingQuery;
import java.util.List;
import java.util.Optional;

/** The part of the earth that a query asks about, as the smallest box around it. */
final class SearchArea {
    /** Metres. */
    static final double EARTH_RADIUS = 6_371_008.8;

    private static final double METRES_PER_DEGREE = Math.PI * EARTH_RADIUS / 180;

    private SearchArea() {}

    /** Empty for a query that names no area. */
    static Optional<Condition.InBox> of(ListingQuery query) {
        return query.conditions().stream()
                .flatMap(condition -> of(condition).stream())
                .findFirst();
    }

    static boolean isArea(Condition condition) {
        return of(condition).isPresent();
    }

    private static Optional<Condition.InBox> of(Condition condition) {
        return switch (condition) {
            case Condition.InBox box -> Optional.of(box);
            case Condition.Near near -> Optional.of(bounds(near));
            case Condition.Within within -> Optional.of(bounds(within));
            default -> Optional.empty();
        };
    }

    static Condition.InBox bounds(Condition.Near near) {
        double tall = near.radius() / METRES_PER_DEGREE;
        double wide = Math.min(
                180,
                tall / Math.max(0.000_1, Math.cos(Math.toRadians(Math.min(89.9, Math.abs(near.latitude()) + tall)))));
        return new Condition.InBox(
                near.longitude() - wide, near.latitude() - tall, near.longitude() + wide, near.latitude() + tall);
    }

    static Condition.InBox bounds(Condition.Within within) {
        List<LonLat> ring = within.ring();
        double west = ring.stream().mapToDouble(LonLat::longitude).min().orElseThrow();
        double east = ring.stream().mapToDouble(LonLat::longitude).max().orElseThrow();
        double south = ring.stream().mapToDouble(LonLat::latitude).min().orElseThrow();
        double north = ring.stream().mapToDouble(LonLat::latitude).max().orElseThrow();
        return new Condition.InBox(west, south, east, north);
    }
}
