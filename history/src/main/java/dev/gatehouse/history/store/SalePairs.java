package dev.gatehouse.history.store;

import dev.gatehouse.kernel.event.ListingState;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sales, and for each home the pairs of one sale and the next, that the price index is made from. Pairs less than six
 * months apart are left out, as S&amp;P leaves them out of its Case-Shiller indices, and so are those whose price more than
 * quintupled or fell to less than a fifth: a home that was rebuilt, or a deed that was no sale.
 */
final class SalePairs {
    private static final String PLACE = "county, zip, city, geohash";
    private static final String MAKE = """
            INSERT INTO sale_pair (listing_key, property_key, first_month, second_month, log_ratio, county, zip, city, geohash)
            SELECT listing_key, property_key,
                extract(year FROM before_date)::integer * 12 + extract(month FROM before_date)::integer - 1,
                extract(year FROM close_date)::integer * 12 + extract(month FROM close_date)::integer - 1,
                ln(price::double precision / before_price::double precision), county, zip, city, geohash
            FROM (SELECT s.*, lag(close_date) OVER home AS before_date, lag(price) OVER home AS before_price
                  FROM sale s %s WINDOW home AS (PARTITION BY property_key ORDER BY close_date, listing_key)) pair
            JOIN property USING (property_key)
            WHERE close_date >= before_date + interval '6 months' AND price <= 5 * before_price AND before_price <= 5 * price
            """;

    private final Handle transaction;

    SalePairs(Handle transaction) {
        this.transaction = transaction;
    }

    record Sale(String propertyKey, LocalDate date, BigDecimal price) {
        /** Null when it has no date or no price. */
        static @Nullable Sale of(ListingState state) {
            LocalDate date = state.closeDate();
            BigDecimal price = state.closePrice();
            return date == null || price == null || price.signum() <= 0
                    ? null
                    : new Sale(state.propertyKey(), date, price);
        }
    }

    /**
     * @param sales by listing; null for a listing that has no sale any more
     * @param moves listings that are of another home now
     */
    void keep(Map<String, @Nullable Sale> sales, List<HistoryEffect.Move> moves) {
        Set<String> homes = new TreeSet<>(removed(sales));
        homes.addAll(written(sales));
        for (HistoryEffect.Move move : moves) {
            transaction
                    .createUpdate("UPDATE sale SET property_key = :to WHERE listing_key = :listing")
                    .bind("to", move.to())
                    .bind("listing", move.listing())
                    .execute();
            homes.add(move.from());
            homes.add(move.to());
        }
        if (homes.isEmpty()) {
            return;
        }
        Object[] keys = homes.toArray();
        Set<String> areas = new TreeSet<>(areas(transaction
                .createQuery("DELETE FROM sale_pair WHERE property_key = ANY(:keys) RETURNING " + PLACE)
                .bindArray("keys", String.class, keys)));
        areas.addAll(areas(transaction
                .createQuery(MAKE.formatted("WHERE property_key = ANY(:keys)") + " RETURNING " + PLACE)
                .bindArray("keys", String.class, keys)));
        if (!areas.isEmpty()) {
            areas.add(PairVersions.EVERYWHERE);
            PairVersions.rise(transaction, areas);
        }
    }

    /** Those whose pairs the statement changed. */
    private static List<String> areas(Query changed) {
        return changed
                .map((row, context) -> PairVersions.areas(
                        row.getString("county"), row.getString("zip"), row.getString("city"), row.getString("geohash")))
                .list()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<String> removed(Map<String, @Nullable Sale> sales) {
        List<String> listings = new ArrayList<>();
        for (Map.Entry<String, @Nullable Sale> entry : sales.entrySet()) {
            if (entry.getValue() == null) {
                listings.add(entry.getKey());
            }
        }
        return listings.isEmpty()
                ? List.of()
                : transaction
                        .createQuery("DELETE FROM sale WHERE listing_key = ANY(:keys) RETURNING property_key")
                        .bindArray("keys", String.class, listings.toArray())
                        .mapTo(String.class)
                        .list();
    }

    private List<String> written(Map<String, @Nullable Sale> sales) {
        List<String> homes = new ArrayList<>();
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO sale (listing_key, property_key, close_date, price) VALUES (:listing, :property, :date, :price)
                ON CONFLICT (listing_key) DO UPDATE SET property_key = excluded.property_key,
                    close_date = excluded.close_date, price = excluded.price
                """);
        for (Map.Entry<String, @Nullable Sale> entry : sales.entrySet()) {
            Sale sale = entry.getValue();
            if (sale != null) {
                rows.bind("listing", entry.getKey())
                        .bind("property", sale.propertyKey())
                        .bind("date", sale.date())
                        .bind("price", sale.price())
                        .add();
                homes.add(sale.propertyKey());
            }
        }
        if (!homes.isEmpty()) {
            rows.execute();
        }
        return homes;
    }
}
