package dev.gatehouse.signals.store;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.area.NearestAreas;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.signals.Markets;
import dev.gatehouse.signals.Period;
import dev.gatehouse.signals.market.MarketMonths;
import dev.gatehouse.signals.market.Medians;
import dev.gatehouse.signals.market.MonthSums;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Market figures in PostgreSQL. */
public final class PostgresMarkets implements Markets {
    private static final LocalDate END = LocalDate.of(9999, 12, 31);
    private static final int MOST_NEAR = 3;
    private static final int MOST_LOOKED_AT = 20_000;

    private final Database database;

    public PostgresMarkets(Database database) {
        this.database = database;
    }

    @Override
    public Optional<MarketMonths> find(Area area, Period period, @Nullable YearMonth to) {
        LocalDate last = to == null ? END : to.atEndOfMonth();
        return database.jdbi().withHandle(handle -> {
            Map<YearMonth, Medians> medians = new HashMap<>();
            List<MonthSums> months = handle.createQuery("""
                            SELECT month, new_listings, pending, price_cuts, inventory_change, sold, price_sum, rates, rate_sum,
                                stays, day_sum, ratios, ratio_sum, median_price, median_rate, median_days
                            FROM market_month WHERE area = :area AND month <= :last ORDER BY month
                            """)
                    .bind("area", area.text())
                    .bind("last", last)
                    .map((row, context) -> {
                        MonthSums sums = sums(row);
                        medians.put(sums.month(), medians(row));
                        return sums;
                    })
                    .list();
            if (months.isEmpty() && !isKnown(handle, area)) {
                return Optional.empty();
            }
            return Optional.of(new MarketMonths(
                    months, period, period == Period.MONTH ? medians : periodMedians(handle, area, period)));
        });
    }

    private static boolean isKnown(Handle handle, Area area) {
        return handle.createQuery("SELECT EXISTS (SELECT FROM area WHERE area = :area)")
                .bind("area", area.text())
                .mapTo(Boolean.class)
                .one();
    }

    private static Map<YearMonth, Medians> periodMedians(Handle handle, Area area, Period period) {
        Map<YearMonth, Medians> medians = new HashMap<>();
        handle.createQuery("""
                        SELECT start, median_price, median_rate, median_days FROM market_period
                        WHERE area = :area AND period = :period
                        """)
                .bind("area", area.text())
                .bind("period", period.text())
                .map((row, context) ->
                        Map.entry(YearMonth.from(row.getDate("start").toLocalDate()), medians(row)))
                .forEach(entry -> medians.put(entry.getKey(), entry.getValue()));
        return medians;
    }

    private static Medians medians(ResultSet row) throws SQLException {
        return new Medians(
                row.getBigDecimal("median_price"), row.getBigDecimal("median_rate"), row.getBigDecimal("median_days"));
    }

    private static MonthSums sums(ResultSet row) throws SQLException {
        return new MonthSums(
                YearMonth.from(row.getDate("month").toLocalDate()),
                row.getInt("new_listings"),
                row.getInt("pending"),
                row.getInt("price_cuts"),
                row.getInt("inventory_change"),
                row.getInt("sold"),
                row.getBigDecimal("price_sum"),
                row.getInt("rates"),
                row.getBigDecimal("rate_sum"),
                row.getInt("stays"),
                row.getBigDecimal("day_sum"),
                row.getInt("ratios"),
                row.getLong("ratio_sum"));
    }

    @Override
    public List<String> nearest(Area area) {
        String kind = area.kind().text() + ":";
        List<String> known = database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                (SELECT area FROM area WHERE area >= :area AND area < :end ORDER BY area LIMIT :most)
                                UNION
                                (SELECT area FROM area WHERE area < :area AND area >= :kind ORDER BY area DESC LIMIT :most)
                                UNION
                                (SELECT area FROM external_series WHERE area >= :kind AND area < :end LIMIT :most)
                                """)
                        .bind("area", area.text())
                        .bind("kind", kind)
                        .bind("end", kind + "~")
                        .bind("most", MOST_LOOKED_AT)
                        .mapTo(String.class)
                        .list());
        return NearestAreas.to(area, known, MOST_NEAR);
    }
}
