package dev.gatehouse.history.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.history.index.PairGroup;
import dev.gatehouse.history.index.PriceIndex;
import dev.gatehouse.history.index.PriceIndexes;
import dev.gatehouse.history.index.RepeatSales;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.area.NearestAreas;
import dev.gatehouse.runtime.sql.Database;
import java.util.List;
import java.util.Map;

/** Price indexes from the pairs in PostgreSQL, kept in memory until a pair of their area changes. */
public final class PostgresPriceIndexes implements PriceIndexes {
    private static final int KEPT = 500;
    private static final int NEAR = 5;
    // LIKE with a parameter is planned without the index once the plan is kept, and a cell without homes reads the
    // whole table
    private static final String WITHIN = "geohash ~>=~ :area AND geohash ~<~ :end";

    private final Database database;
    private final Cache<Asked, PriceIndex> made =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    public PostgresPriceIndexes(Database database) {
        this.database = database;
    }

    private record Asked(Area area, long version) {}

    @Override
    public boolean knows(Area area) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                area.kind() == Area.Kind.GEOHASH
                                        ? "SELECT EXISTS (SELECT FROM property WHERE " + WITHIN + ")"
                                        : "SELECT EXISTS (SELECT FROM area WHERE area = :area)")
                        .bindMap(names(area))
                        .mapTo(Boolean.class)
                        .one());
    }

    private static Map<String, String> names(Area area) {
        return area.kind() == Area.Kind.GEOHASH
                ? Map.of("area", area.code(), "end", area.code() + "~")
                : Map.of("area", area.text());
    }

    @Override
    public PriceIndex of(Area area) {
        long version = database.jdbi().withHandle(handle -> PairVersions.of(handle, area));
        return made.get(new Asked(area, version), asked -> RepeatSales.of(groups(asked.area())));
    }

    /** All pairs of an area by their two months. */
    private List<PairGroup> groups(Area area) {
        String condition = switch (area.kind()) {
            case COUNTY -> "county = :area";
            case ZIP -> "zip = :area";
            case CITY -> "city = :area";
            case GEOHASH -> WITHIN;
        };
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                SELECT first_month, second_month, count(*) AS pairs, sum(log_ratio) AS sum,
                                    sum(log_ratio * log_ratio) AS squares
                                FROM sale_pair WHERE %s GROUP BY first_month, second_month ORDER BY 1, 2
                                """.formatted(condition))
                        .bindMap(names(area))
                        .map((row, context) -> new PairGroup(
                                row.getInt("first_month"),
                                row.getInt("second_month"),
                                row.getLong("pairs"),
                                row.getDouble("sum"),
                                row.getDouble("squares")))
                        .list());
    }

    @Override
    public List<String> near(Area area) {
        List<String> known = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT area FROM area")
                        .mapTo(String.class)
                        .list());
        return NearestAreas.to(area, known, NEAR);
    }
}
