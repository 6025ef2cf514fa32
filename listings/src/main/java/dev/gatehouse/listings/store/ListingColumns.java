package dev.gatehouse.listings.store;

import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.Place;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.Terms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A listing's row. */
final class ListingColumns {
    static final String ALL = """
            listing_key, property_key, originating_system, status, property_type, property_sub_type, list_price,
            close_price, listing_contract_date, close_date, address, unit, city, postal_code, county, state,
            location[0] AS longitude, location[1] AS latitude, bedrooms, bathrooms_full, bathrooms_half, living_area,
            lot_size, year_built, stories, assessed_value, simulated_price_factor, entered_at, modified_at
            """;

    private ListingColumns() {}

    static Listing read(ResultSet row) throws SQLException {
        String status = row.getString("status");
        return new Listing(
                row.getString("listing_key"),
                row.getString("property_key"),
                row.getString("originating_system"),
                new Terms(
                        StandardStatus.of(status)
                                .orElseThrow(() -> new IllegalStateException("unknown status " + status)),
                        row.getBigDecimal("list_price"),
                        row.getBigDecimal("close_price"),
                        row.getObject("listing_contract_date", LocalDate.class),
                        row.getObject("close_date", LocalDate.class),
                        row.getBigDecimal("simulated_price_factor")),
                new Place(
                        row.getString("address"),
                        row.getString("unit"),
                        row.getString("city"),
                        row.getString("postal_code"),
                        row.getString("county"),
                        row.getString("state"),
                        real(row, "latitude"),
                        real(row, "longitude")),
                new Facts(
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
                row.getObject("entered_at", OffsetDateTime.class).toInstant(),
                row.getObject("modified_at", OffsetDateTime.class).toInstant());
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
