package dev.gatehouse.bench.search;

import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * Made-up homes in 200 towns of 40 counties, written straight into the listings' table: the same ones at every run. Towns
 * differ in size (a Zipf-like fall), prices in a log-normal way by town, places lie around their town's centre.
 */
final class GeneratedHomes {
    static final int TOWNS = 200;

    private static final int SETTLE_TRIES = 60;

    private GeneratedHomes() {}

    static void write(DatabaseUrl url, int homes) throws SQLException {
        String user = String.valueOf(url.user());
        String password = String.valueOf(url.password());
        try (Connection connection = DriverManager.getConnection(url.jdbc(), user, password);
                Statement sql = connection.createStatement()) {
            sql.execute("SET search_path = listings, public");
            sql.execute("SELECT setseed(0.42)");
            sql.execute("""
                    CREATE TEMPORARY TABLE made AS
                    SELECT i, floor(%d * power(random(), 2.2))::int AS town, random() AS a, random() AS b, random() AS c,
                        random() AS d, random() AS e, random() AS f, random() AS g,
                        sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS n
                    FROM generate_series(1, %d) AS i
                    """.formatted(TOWNS, homes));
            sql.execute("INSERT INTO property SELECT 'gen-p-' || i, now() FROM made");
            sql.execute("""
                    INSERT INTO listing (listing_key, property_key, originating_system, status, property_type, list_price,
                        close_price, listing_contract_date, close_date, address, city, postal_code, county, state, location,
                        bedrooms, bathrooms_full, bathrooms_half, living_area, lot_size, year_built, stories, entered_at,
                        modified_at, source_digest)
                    SELECT 'gen-' || md5(i::text), 'gen-p-' || i, 'generated',
                        CASE WHEN a < 0.90 THEN 'Closed' WHEN a < 0.96 THEN 'Active' WHEN a < 0.98 THEN 'Pending'
                            ELSE 'Expired' END,
                        CASE WHEN b < 0.9 THEN 'Residential' WHEN b < 0.97 THEN 'Land' ELSE 'CommercialSale' END,
                        round((exp(12 + 0.5 * n) * (0.6 + town % 17 / 10.0))::numeric, -2),
                        CASE WHEN a < 0.90 THEN round((exp(12 + 0.5 * n) * (0.6 + town % 17 / 10.0) * (0.93 + c / 10))::numeric, -2) END,
                        DATE '2026-11-01' - (power(d, 0.7) * 3650)::int,
                        CASE WHEN a < 0.90 THEN DATE '2026-11-01' - (power(d, 0.7) * 3650)::int + 45 END,
                        (1 + (e * 9000)::int) || ' Generated St', 'Town ' || town, lpad((43000 + town * 4 + (f * 4)::int)::text, 5, '0'),
                        'County ' || town % 40, (ARRAY['OH', 'MI', 'IN', 'PA'])[1 + town % 4],
                        point(-84.5 + town % 20 * 0.25 + (e - 0.5) * 0.2, 39 + town / 20 * 0.3 + (f - 0.5) * 0.2),
                        1 + (g * 5)::int, 1 + (g * 3)::int, (c * 2)::int, round((700 + 4000 * g * g + 300 * n)::numeric, 0),
                        round((2000 + 40000 * b * b)::numeric, 0), 1900 + (125 * power(e, 0.6))::int, 1 + (f * 2)::int, now(),
                        TIMESTAMPTZ '2026-11-01 00:00Z' - make_interval(secs => d * 315360000), md5(i::text)::uuid
                    FROM made
                    """);
            sql.execute("VACUUM ANALYZE listing");
            sql.execute("ANALYZE property");
        }
    }

    /**
     * Until the table is as autovacuum leaves it: its pages known to be visible to all, so that an index may answer alone. While
     * a service takes its first snapshot of the homes, none can be.
     */
    static void settle(DatabaseUrl url) throws SQLException, InterruptedException {
        String user = String.valueOf(url.user());
        String password = String.valueOf(url.password());
        try (Connection connection = DriverManager.getConnection(url.jdbc(), user, password);
                Statement sql = connection.createStatement()) {
            for (int i = 0; i < SETTLE_TRIES; i++) {
                sql.execute("VACUUM listings.listing");
                try (ResultSet pages = sql.executeQuery("SELECT relallvisible >= 0.99 * relpages FROM pg_class"
                        + " WHERE oid = 'listings.listing'::regclass")) {
                    if (pages.next() && pages.getBoolean(1)) {
                        return;
                    }
                }
                TimeUnit.SECONDS.sleep(5);
            }
            throw new IllegalStateException("the homes' pages are not all visible after " + SETTLE_TRIES + " tries");
        }
    }
}
