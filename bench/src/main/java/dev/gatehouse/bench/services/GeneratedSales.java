package dev.gatehouse.bench.services;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Generated homes, each sold several times: the last sale of each is a listing, which signals and enrichment are filled from by
 * their own means. The same at each run.
 */
final class GeneratedSales {
    private static final int TOWNS = 200;

    /** A home to ask for. */
    record Home(
            String propertyKey,
            String listingKey,
            String address,
            String city,
            String county,
            String state,
            double latitude,
            double longitude) {}

    private GeneratedSales() {}

    /**
     * Leaves all sales in the connection's temporary table {@code sold}.
     *
     * @param homes how many
     * @param sales of all of them together, a multiple of the homes
     */
    static void write(Connection connection, int homes, int sales) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute("SET search_path = listings, public");
            sql.execute("SELECT setseed(0.42)");
            sql.execute("""
                    CREATE TEMPORARY TABLE made AS
                    SELECT i, floor(%d * power(random(), 2.2))::int AS town, random() AS a, random() AS b, random() AS c,
                        random() AS d, random() AS e, random() AS f
                    FROM generate_series(1, %d) AS i
                    """.formatted(TOWNS, homes));
            sql.execute("INSERT INTO property (property_key, first_seen) SELECT 'gen-p-' || i, now() FROM made");
            sql.execute("""
                    CREATE TEMPORARY TABLE sold AS
                    SELECT s, i, 'gen-' || md5(s::text) AS listing_key, 'gen-p-' || i AS property_key,
                        round((90 * (700 + 2600 * a) * (0.6 + town %% 17 / 10.0) * (1 + 0.03 * (s / %1$d))
                            * (0.9 + 0.2 * random()))::numeric, -2) AS price,
                        DATE '2016-01-01' + (s / %1$d) * 365 * 10 / greatest(1, %2$d / %1$d) + (random() * 300)::int AS close_date
                    FROM generate_series(0, %2$d - 1) AS s JOIN made ON made.i = s %% %1$d + 1
                    """.formatted(homes, sales));
            sql.execute("ANALYZE sold");
            sql.execute("""
                    INSERT INTO listing (listing_key, property_key, originating_system, status, property_type, property_sub_type,
                        close_price, close_date, address, city, postal_code, county, state, location, bedrooms,
                        bathrooms_full, bathrooms_half, living_area, lot_size, year_built, stories, entered_at, modified_at,
                        source_digest)
                    SELECT listing_key, property_key, 'generated', 'Closed', 'Residential', 'SingleFamilyResidence',
                        price, close_date, i || ' Generated St', 'Town ' || town,
                        lpad((43000 + town * 4 + (f * 4)::int)::text, 5, '0'), 'County ' || town %% 40,
                        (ARRAY['OH', 'MI', 'IN', 'PA'])[1 + town %% 4],
                        point(-84.5 + town %% 20 * 0.25 + (e - 0.5) * 0.2, 39 + town / 20 * 0.3 + (f - 0.5) * 0.2),
                        1 + (a * 5)::int, 1 + (a * 3)::int, (c * 2)::int, round((700 + 2600 * a)::numeric, 0),
                        round((2000 + 40000 * b * b)::numeric, 0), 1900 + (110 * d)::int, 1, now(),
                        TIMESTAMPTZ '2026-11-01 00:00Z' - make_interval(secs => random() * 300000000), md5(s::text)::uuid
                    FROM sold JOIN made USING (i) WHERE s >= %d
                    """.formatted(sales - homes));
            sql.execute("ANALYZE listing");
            sql.execute("ANALYZE property");
        }
    }

    /** Some of them, by chance. */
    static List<Home> some(Connection connection, int count) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery("""
                        SELECT property_key, listing_key, address, city, county, state, location[1] AS latitude, location[0] AS longitude
                        FROM listings.listing WHERE originating_system = 'generated' ORDER BY listing_key LIMIT
                        """ + count)) {
            List<Home> homes = new ArrayList<>();
            while (rows.next()) {
                homes.add(new Home(
                        rows.getString("property_key"),
                        rows.getString("listing_key"),
                        rows.getString("address"),
                        rows.getString("city"),
                        rows.getString("county"),
                        rows.getString("state"),
                        rows.getDouble("latitude"),
                        rows.getDouble("longitude")));
            }
            return homes;
        }
    }
}
