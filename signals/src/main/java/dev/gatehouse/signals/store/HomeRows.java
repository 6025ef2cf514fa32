package dev.gatehouse.signals.store;

import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.Phase;
import dev.gatehouse.signals.raise.Comparables;
import dev.gatehouse.signals.raise.StaleRule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Listings and their steps. */
final class HomeRows {
    private static final int CENTS = 2;
    private static final BigDecimal LARGEST_AREA = BigDecimal.valueOf(999_999_999);

    private HomeRows() {}

    static Map<String, Home> find(Handle transaction, Collection<String> keys) {
        Map<String, Home> found = new LinkedHashMap<>();
        if (!keys.isEmpty()) {
            transaction
                    .createQuery("SELECT home FROM home WHERE listing_key = ANY(:keys)")
                    .bindArray("keys", String.class, List.copyOf(keys))
                    .map((row, context) -> Json.read(row.getString("home"), Home.class))
                    .forEach(home -> found.put(home.listingKey(), home));
        }
        return found;
    }

    static void save(Handle transaction, Collection<Home> homes) {
        if (homes.isEmpty()) {
            return;
        }
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO home (listing_key, property_key, version, home, neighbourhood, property_type, living_area, rate,
                    close_date, stale_at)
                VALUES (:key, :property, :version, :home::jsonb, :neighbourhood, :type, :area, :rate, :closed, :stale)
                ON CONFLICT (listing_key) DO UPDATE SET property_key = excluded.property_key, version = excluded.version,
                    home = excluded.home, neighbourhood = excluded.neighbourhood, property_type = excluded.property_type,
                    living_area = excluded.living_area, rate = excluded.rate, close_date = excluded.close_date,
                    stale_at = excluded.stale_at
                """);
        for (Home home : homes) {
            BigDecimal rate = soldRate(home);
            rows.bind("key", home.listingKey())
                    .bind("property", home.propertyKey())
                    .bind("version", home.version())
                    .bind("home", Json.text(home))
                    .bind("neighbourhood", home.site().neighbourhood())
                    .bind("type", home.propertyType())
                    .bind("area", storable(home.livingArea()))
                    .bind(
                            "rate",
                            rate == null ? null : rate.movePointRight(CENTS).longValueExact())
                    .bind("closed", home.phase() == Phase.SOLD ? home.terms().closeDate() : null)
                    .bind("stale", StaleRule.due(home).map(HomeRows::time).orElse(null))
                    .add();
        }
        rows.execute();
    }

    private static @Nullable BigDecimal storable(@Nullable BigDecimal area) {
        return area == null || area.compareTo(LARGEST_AREA) > 0 ? null : area;
    }

    private static @Nullable BigDecimal soldRate(Home home) {
        BigDecimal price = home.terms().closePrice();
        BigDecimal area = storable(home.livingArea());
        return home.phase() != Phase.SOLD
                        || price == null
                        || area == null
                        || area.signum() <= 0
                        || price.compareTo(LARGEST_AREA.movePointRight(1)) > 0
                ? null
                : price.divide(area, CENTS, RoundingMode.HALF_UP);
    }

    /** The next listings after a key, by key: to go through all of them a piece at a time. */
    static List<Home> after(Handle transaction, String key, int limit) {
        return transaction
                .createQuery("SELECT home FROM home WHERE listing_key > :key ORDER BY listing_key LIMIT :limit")
                .bind("key", key)
                .bind("limit", limit)
                .map((row, context) -> Json.read(row.getString("home"), Home.class))
                .list();
    }

    /** Listings whose next level of {@code stale_listing} is due and that nobody else works on, locked. */
    static List<Home> stale(Handle transaction, Instant now, int limit) {
        return transaction
                .createQuery("""
                        SELECT home FROM home WHERE stale_at <= :now ORDER BY stale_at LIMIT :limit FOR UPDATE SKIP LOCKED
                        """)
                .bind("now", time(now))
                .bind("limit", limit)
                .map((row, context) -> Json.read(row.getString("home"), Home.class))
                .list();
    }

    /** For each question the newest sales that fit. */
    static Map<Comparables.Question, List<Comparables.Comparable>> comparables(
            Handle transaction, List<Comparables.Question> questions) {
        Map<Comparables.Question, List<Comparables.Comparable>> answers = new LinkedHashMap<>();
        for (Comparables.Question question : questions) {
            answers.put(
                    question,
                    transaction
                            .createQuery("""
                                    SELECT listing_key, rate, close_date FROM home
                                    WHERE neighbourhood = :neighbourhood AND property_type = :type AND rate IS NOT NULL
                                      AND close_date BETWEEN :from AND :to AND living_area BETWEEN :smallest AND :largest
                                      AND version < :before AND property_key <> :property
                                    ORDER BY close_date DESC, listing_key LIMIT :most
                                    """)
                            .bind("neighbourhood", question.neighbourhood())
                            .bind("type", question.home().propertyType())
                            .bind("from", question.from())
                            .bind("to", question.to())
                            .bind("smallest", question.smallest())
                            .bind("largest", question.largest())
                            .bind("before", question.before())
                            .bind("property", question.home().propertyKey())
                            .bind("most", Comparables.MOST)
                            .map((row, context) -> new Comparables.Comparable(
                                    row.getString("listing_key"),
                                    BigDecimal.valueOf(row.getLong("rate"), CENTS),
                                    row.getDate("close_date").toLocalDate()))
                            .list());
        }
        return answers;
    }

    static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
