package dev.gatehouse.enrichment.store;

import dev.gatehouse.enrichment.AreaFigures;
import dev.gatehouse.enrichment.Home;
import dev.gatehouse.enrichment.address.Address;
import dev.gatehouse.enrichment.address.Choice;
import dev.gatehouse.enrichment.address.Likeness;
import dev.gatehouse.enrichment.address.Spelling;
import dev.gatehouse.enrichment.valuation.Sale;
import dev.gatehouse.enrichment.valuation.Subject;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Finds homes by key, address and place, and the sales around them. */
public final class PostgresHomes {
    private static final int MOST_ALIKE = 500;
    private static final double METRES_PER_DEGREE = 111_195;
    private static final int MOST_TRAINED_ON = 60_000;

    private final Database database;

    public PostgresHomes(Database database) {
        this.database = database;
    }

    public Optional<Home> byKey(String propertyKey) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(HomeColumns.HOME + " WHERE h.property_key = :key")
                        .define(Database.PREPARED, true)
                        .bind("key", propertyKey)
                        .map((row, context) -> HomeColumns.home(row))
                        .findOne());
    }

    /** Homes with this number in a street whose name is within one edit of the one asked for, each with its likeness. */
    public List<Choice.Candidate<Home>> alike(Address asked) {
        return database.jdbi().withHandle(handle -> {
            List<String> streets = streets(handle, asked.street());
            List<Choice.Candidate<Home>> found = new ArrayList<>();
            if (!streets.isEmpty()) {
                handle.createQuery(HomeColumns.HOME
                                + " WHERE h.house_number = :number AND h.street = ANY(:streets) LIMIT " + MOST_ALIKE)
                        .define(Database.PREPARED, true)
                        .bind("number", asked.number())
                        .bindArray("streets", String.class, streets)
                        .map((row, context) -> new Choice.Candidate<>(
                                HomeColumns.home(row),
                                Likeness.of(asked, Json.read(row.getString("parsed"), Address.class))))
                        .forEach(found::add);
            }
            return found;
        });
    }

    private static List<String> streets(Handle handle, String asked) {
        return handle
                .createQuery("SELECT DISTINCT street FROM street_spelling WHERE spelling = ANY(:spellings)")
                .define(Database.PREPARED, true)
                .bindArray("spellings", String.class, List.copyOf(Spelling.variants(asked)))
                .mapTo(String.class)
                .stream()
                .filter(street -> Spelling.distance(asked, street) <= 1)
                .toList();
    }

    /**
     * Homes around a place, nearest first.
     *
     * @param radius metres
     */
    public List<Home> around(double latitude, double longitude, double radius, int limit) {
        double north = radius / METRES_PER_DEGREE;
        double east = north / Math.max(0.01, Math.cos(Math.toRadians(latitude)));
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(HomeColumns.HOME + """
                                WHERE h.location <@ box(point(:west, :south), point(:east, :north))
                                ORDER BY h.location <-> point(:longitude, :latitude) LIMIT %d
                                """.formatted(limit))
                        .define(Database.PREPARED, true)
                        .bind("west", longitude - east)
                        .bind("east", longitude + east)
                        .bind("south", latitude - north)
                        .bind("north", latitude + north)
                        .bind("longitude", longitude)
                        .bind("latitude", latitude)
                        .map((row, context) -> HomeColumns.home(row))
                        .list());
    }

    /**
     * Sales of other homes of the market around a home, nearest first, whatever their day.
     *
     * @param limit at most so many
     */
    public List<Sale> salesAround(String market, String propertyKey, Subject home, int limit) {
        double shrunk = Math.cos(Math.toRadians(home.latitude()));
        // by degrees, of which those of longitude are the shorter: half as many again hold the nearest by metres; the
        // limits are written as numbers, since a planner that does not know them reckons with a tenth of all sales
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(HomeColumns.SALE + """
                                FROM (SELECT * FROM sale WHERE comparable AND market = :market AND property_key <> :key
                                    ORDER BY location <-> point(:longitude, :latitude) LIMIT %d) around
                                ORDER BY power(location[1] - :latitude, 2) + power((location[0] - :longitude) * :shrunk, 2),
                                    listing_key LIMIT %d
                                """.formatted(limit + limit / 2, limit))
                        .define(Database.PREPARED, true)
                        .bind("market", market)
                        .bind("key", propertyKey)
                        .bind("longitude", home.longitude())
                        .bind("latitude", home.latitude())
                        .bind("shrunk", shrunk)
                        .map((row, context) -> HomeColumns.sale(row))
                        .list());
    }

    /** Figures of an area over the twelve months up to its last sale; empty when none is known. */
    public Optional<AreaFigures> figures(String area) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                SELECT max(l.day) AS through, count(*) AS sales,
                                    percentile_cont(0.5) WITHIN GROUP (ORDER BY s.close_price)::numeric(14, 0) AS price,
                                    percentile_cont(0.5) WITHIN GROUP (ORDER BY s.close_price::float8 / nullif(s.living_area, 0))
                                        ::numeric(14, 2) AS price_per_foot
                                FROM (SELECT max(close_date) AS day FROM sale WHERE area = :area) l
                                JOIN sale s ON s.area = :area AND s.close_date > l.day - interval '1 year'
                                HAVING count(*) > 0
                                """)
                        .bind("area", area)
                        .map((row, context) -> new AreaFigures(
                                area,
                                row.getObject("through", LocalDate.class),
                                row.getInt("sales"),
                                row.getBigDecimal("price"),
                                row.getBigDecimal("price_per_foot")))
                        .findOne());
    }

    /** Whether anything is known of any sale. */
    public boolean hasSales() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT EXISTS (SELECT FROM sale)")
                        .mapTo(Boolean.class)
                        .one());
    }

    /** Markets with sales that a model can be trained on, and how many those are. */
    public Map<String, Integer> markets() {
        Map<String, Integer> markets = new TreeMap<>();
        database.jdbi()
                .useHandle(handle -> handle.createQuery(
                                "SELECT market, count(*) AS sales FROM sale WHERE comparable GROUP BY market")
                        .map((row, context) -> Map.entry(row.getString("market"), row.getInt("sales")))
                        .forEach(entry -> markets.put(entry.getKey(), entry.getValue())));
        return markets;
    }

    /** The market's sales, the latest 60,000 of them. */
    public List<Sale> salesOf(String market) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(HomeColumns.SALE
                                + " FROM sale WHERE comparable AND market = :market ORDER BY close_date DESC, listing_key LIMIT "
                                + MOST_TRAINED_ON)
                        .bind("market", market)
                        .map((row, context) -> HomeColumns.sale(row))
                        .list());
    }
}
