package dev.gatehouse.bench.services;

import dev.gatehouse.kernel.area.Geohash;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * The timelines of {@link GeneratedSales}, written into the history's tables as the service itself would have from a feed of
 * that many events, only sooner; the feed goes on from there.
 */
final class GeneratedHistory {
    private static final int FETCHED = 10_000;

    private GeneratedHistory() {}

    static void write(DatabaseUrl url, Connection connection) throws SQLException, IOException {
        Database.open(url, "history", "classpath:dev/gatehouse/history/store/migration", 2)
                .close();
        try (Statement sql = connection.createStatement()) {
            places(connection, sql);
            sql.execute("SET search_path = history, public");
            sql.execute("""
                    INSERT INTO property (property_key, county, zip, city, geohash)
                    SELECT property_key, 'county:' || replace(lower(county), ' ', '-') || '-' || lower(state),
                        'zip:' || postal_code, 'city:' || replace(lower(city), ' ', '-') || '-' || lower(state), geohash
                    FROM listings.listing JOIN place USING (property_key) WHERE originating_system = 'generated'
                    """);
            sql.execute(
                    "INSERT INTO area SELECT county FROM property UNION SELECT zip FROM property UNION SELECT city FROM"
                            + " property ON CONFLICT DO NOTHING");
            sql.execute("INSERT INTO listing (listing_key, property_key) SELECT listing_key, property_key FROM sold");
            sql.execute("""
                    INSERT INTO entry (property_key, happened_at, sequence, part, kind, listing_key, originating_system,
                        change_type, field_name, previous_value, new_value, recorded_at)
                    SELECT property_key, close_date::timestamp AT TIME ZONE 'UTC', 0, 0, 'sales', listing_key, 'generated', 'Closed',
                        'ClosePrice', NULL, trunc(price)::text, now() FROM sold
                    """);
            sql.execute("INSERT INTO sale (listing_key, property_key, close_date, price)"
                    + " SELECT listing_key, property_key, close_date, price FROM sold");
            // the generated sales of a home are more than six months apart, and their prices less than five times
            sql.execute("""
                    INSERT INTO sale_pair (listing_key, property_key, first_month, second_month, log_ratio, county, zip, city,
                        geohash)
                    SELECT listing_key, property_key,
                        extract(year FROM before_date)::integer * 12 + extract(month FROM before_date)::integer - 1,
                        extract(year FROM close_date)::integer * 12 + extract(month FROM close_date)::integer - 1,
                        ln(price::double precision / before_price::double precision), county, zip, city, geohash
                    FROM (SELECT s.*, lag(close_date) OVER home AS before_date, lag(price) OVER home AS before_price
                          FROM sale s WINDOW home AS (PARTITION BY property_key ORDER BY close_date, listing_key)) pair
                    JOIN property USING (property_key) WHERE before_date IS NOT NULL
                    """);
            sql.execute("UPDATE pairs_version SET version = version + 1 WHERE area = '*'");
            // the map of what every reader sees, by which an index is read alone
            sql.execute("VACUUM ANALYZE");
            sql.execute("SET search_path = listings, public");
        }
    }

    /** Each home's geohash in a temporary table. */
    private static void places(Connection connection, Statement sql) throws SQLException, IOException {
        sql.execute("CREATE TEMPORARY TABLE place (property_key text, geohash text)");
        StringBuilder rows = new StringBuilder();
        connection.setAutoCommit(false);
        try (Statement reading = connection.createStatement()) {
            reading.setFetchSize(FETCHED);
            try (ResultSet homes = reading.executeQuery("SELECT property_key, location[1], location[0]"
                    + " FROM listings.listing WHERE originating_system = 'generated'")) {
                while (homes.next()) {
                    rows.append(homes.getString(1))
                            .append('\t')
                            .append(Geohash.of(homes.getDouble(2), homes.getDouble(3), Geohash.LONGEST))
                            .append('\n');
                }
            }
        }
        connection.setAutoCommit(true);
        long unused = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY place FROM STDIN", new StringReader(rows.toString()));
        sql.execute("ANALYZE place");
    }
}
