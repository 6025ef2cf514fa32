package dev.gatehouse.enrichment.store;

import dev.gatehouse.enrichment.Home;
import dev.gatehouse.enrichment.valuation.Sale;
import dev.gatehouse.enrichment.valuation.Subject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A home's row with its last sale, and a sale's. */
final class HomeColumns {
    static final String HOME = """
            SELECT h.property_key, h.originating_system, h.address, h.unit, h.city, h.postal_code, h.county, h.state,
                h.location[0] AS longitude, h.location[1] AS latitude, h.property_type, h.property_sub_type, h.bedrooms,
                h.bathrooms_full, h.bathrooms_half, h.living_area, h.lot_size, h.year_built, h.stories, h.assessed_value,
                h.parsed, s.close_price, s.close_date
            FROM home h LEFT JOIN LATERAL (SELECT close_price, close_date FROM sale
                WHERE sale.property_key = h.property_key ORDER BY close_date DESC LIMIT 1) s ON true
            """;

    static final String SALE = """
            SELECT listing_key, property_key, close_price::float8, close_date, location[0] AS longitude, location[1] AS latitude,
                living_area, lot_size, year_built, bedrooms, bathrooms_full, bathrooms_half, stories
            """;

    private HomeColumns() {}

    static Home home(ResultSet row) throws SQLException {
        BigDecimal price = row.getBigDecimal("close_price");
        LocalDate date = row.getObject("close_date", LocalDate.class);
        return new Home(
                row.getString("property_key"),
                row.getString("originating_system"),
                new Home.Place(
                        row.getString("address"),
                        row.getString("unit"),
                        row.getString("city"),
                        row.getString("postal_code"),
                        row.getString("county"),
                        row.getString("state"),
                        real(row, "latitude"),
                        real(row, "longitude")),
                new Home.Structure(
                        row.getString("property_type"),
                        row.getString("property_sub_type"),
                        whole(row, "bedrooms"),
                        whole(row, "bathrooms_full"),
                        whole(row, "bathrooms_half"),
                        row.getBigDecimal("living_area"),
                        row.getBigDecimal("lot_size"),
                        whole(row, "year_built"),
                        row.getBigDecimal("stories"),
                        row.getBigDecimal("assessed_value")),
                price == null || date == null ? null : new Home.LastSale(price, date));
    }

    /** A row of {@link #SALE}, by the numbers of its columns: a value reads a hundred of them. */
    static Sale sale(ResultSet row) throws SQLException {
        double price = row.getDouble(3);
        LocalDate date = row.getObject(4, LocalDate.class);
        double longitude = row.getDouble(5);
        double latitude = row.getDouble(6);
        Subject home = new Subject(
                latitude,
                longitude,
                row.getDouble(7),
                row.getDouble(8),
                row.getInt(9),
                row.getInt(10),
                row.getInt(11),
                row.getInt(12),
                row.getDouble(13));
        return new Sale(row.getString(1), row.getString(2), home, price, date);
    }

    private static @Nullable Integer whole(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Double real(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }
}
