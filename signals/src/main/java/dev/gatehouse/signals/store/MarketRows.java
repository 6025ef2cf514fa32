package dev.gatehouse.signals.store;

import dev.gatehouse.signals.Period;
import dev.gatehouse.signals.market.Figures;
import dev.gatehouse.signals.market.MarketChange;
import dev.gatehouse.signals.market.MarketChange.Cell;
import dev.gatehouse.signals.market.Medians;
import dev.gatehouse.signals.market.MonthSums;
import dev.gatehouse.signals.market.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The figures of areas. */
final class MarketRows {
    /** Area-months in memory at once, with the years that they lie in. */
    private static final int PIECE = 5_000;

    private MarketRows() {}

    /** Brings the figures up by a change. Whoever calls it is the only one who does. */
    static void apply(Handle transaction, MarketChange change) {
        addAreas(transaction, change.areas());
        List<Cell> cells = List.copyOf(change.cells());
        for (int at = 0; at < cells.size(); at += PIECE) {
            apply(transaction, change, cells.subList(at, Math.min(cells.size(), at + PIECE)));
        }
    }

    private static void apply(Handle transaction, MarketChange change, List<Cell> cells) {
        Map<Cell, Figures> before = find(transaction, cells);
        Map<Cell, Figures> after = new TreeMap<>();
        Set<Cell> resold = new TreeSet<>();
        for (Cell cell : cells) {
            Figures old = before.getOrDefault(cell, new Figures());
            Figures now = change.after(cell, old);
            if (now.equals(old)) {
                continue;
            }
            after.put(cell, now);
            if (!Medians.of(now).equals(Medians.of(old)) || now.sold() != old.sold()) {
                resold.add(cell);
            }
        }
        save(transaction, after);
        savePeriods(transaction, resold);
    }

    private static void addAreas(Handle transaction, Collection<String> areas) {
        if (!areas.isEmpty()) {
            transaction
                    .createUpdate("INSERT INTO area (area) SELECT unnest(:areas) ON CONFLICT DO NOTHING")
                    .bindArray("areas", String.class, List.copyOf(areas))
                    .execute();
        }
    }

    private static Map<Cell, Figures> find(Handle transaction, Collection<Cell> cells) {
        Map<Cell, Figures> found = new HashMap<>();
        transaction
                .createQuery("""
                        SELECT m.* FROM market_month m JOIN unnest(:areas, CAST(:months AS date[])) AS asked(area, month) USING (area, month)
                        """)
                .bindArray("areas", String.class, cells.stream().map(Cell::area).toList())
                .bindArray(
                        "months",
                        String.class,
                        cells.stream()
                                .map(cell -> cell.month().atDay(1).toString())
                                .toList())
                .map((row, context) -> Map.entry(cell(row), figures(row)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static Cell cell(ResultSet row) throws SQLException {
        return new Cell(
                row.getString("area"), YearMonth.from(row.getDate("month").toLocalDate()));
    }

    private static Figures figures(ResultSet row) throws SQLException {
        return Figures.of(
                new int[] {row.getInt("new_listings"), row.getInt("pending"), row.getInt("price_cuts")},
                row.getInt("inventory_change"),
                row.getInt("ratios"),
                row.getLong("ratio_sum"),
                values(row, "all_prices"),
                values(row, "all_rates"),
                values(row, "all_days"));
    }

    private static Values values(ResultSet row, String column) throws SQLException {
        Long[] stored = (Long[]) row.getArray(column).getArray();
        long[] plain = new long[stored.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = stored[i];
        }
        return Values.of(plain);
    }

    private static void save(Handle transaction, Map<Cell, Figures> figures) {
        List<Cell> empty = new ArrayList<>();
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO market_month (area, month, new_listings, pending, price_cuts, inventory_change, sold, price_sum,
                    rates, rate_sum, stays, day_sum, ratios, ratio_sum, median_price, median_rate, median_days, all_prices,
                    all_rates, all_days)
                VALUES (:area, :month, :new, :pending, :cuts, :inventory, :sold, :priceSum, :rates, :rateSum, :stays,
                    :daySum, :ratios, :ratioSum, :medianPrice, :medianRate, :medianDays, CAST(:prices AS bigint[]),
                    CAST(:allRates AS bigint[]), CAST(:days AS bigint[]))
                ON CONFLICT (area, month) DO UPDATE SET new_listings = excluded.new_listings, pending = excluded.pending,
                    price_cuts = excluded.price_cuts, inventory_change = excluded.inventory_change, sold = excluded.sold,
                    price_sum = excluded.price_sum, rates = excluded.rates, rate_sum = excluded.rate_sum,
                    stays = excluded.stays, day_sum = excluded.day_sum, ratios = excluded.ratios,
                    ratio_sum = excluded.ratio_sum, median_price = excluded.median_price,
                    median_rate = excluded.median_rate, median_days = excluded.median_days,
                    all_prices = excluded.all_prices, all_rates = excluded.all_rates, all_days = excluded.all_days
                """);
        figures.forEach((cell, now) -> {
            if (now.isNothing()) {
                empty.add(cell);
                return;
            }
            MonthSums sums = MonthSums.of(cell.month(), now);
            Medians medians = Medians.of(now);
            rows.bind("area", cell.area())
                    .bind("month", cell.month().atDay(1))
                    .bind("new", sums.newListings())
                    .bind("pending", sums.pending())
                    .bind("cuts", sums.cuts())
                    .bind("inventory", sums.inventoryChange())
                    .bind("sold", sums.sold())
                    .bind("priceSum", sums.priceSum())
                    .bind("rates", sums.rates())
                    .bind("rateSum", sums.rateSum())
                    .bind("stays", sums.stays())
                    .bind("daySum", sums.daySum())
                    .bind("ratios", sums.ratios())
                    .bind("ratioSum", sums.ratioSum())
                    .bind("medianPrice", medians.price())
                    .bind("medianRate", medians.rate())
                    .bind("medianDays", medians.days())
                    .bind("prices", array(now.prices()))
                    .bind("allRates", array(now.rates()))
                    .bind("days", array(now.days()))
                    .add();
        });
        if (rows.size() > 0) {
            rows.execute();
        }
        remove(transaction, empty);
    }

    private static void remove(Handle transaction, List<Cell> cells) {
        if (!cells.isEmpty()) {
            transaction
                    .createUpdate("""
                            DELETE FROM market_month m USING unnest(:areas, CAST(:months AS date[])) AS gone(area, month)
                            WHERE m.area = gone.area AND m.month = gone.month
                            """)
                    .bindArray(
                            "areas",
                            String.class,
                            cells.stream().map(Cell::area).toList())
                    .bindArray(
                            "months",
                            String.class,
                            cells.stream()
                                    .map(cell -> cell.month().atDay(1).toString())
                                    .toList())
                    .execute();
        }
    }

    /** As PostgreSQL writes an array of numbers. */
    private static String array(Values values) {
        StringBuilder text = new StringBuilder("{");
        for (long value : values.toArray()) {
            text.append(text.length() > 1 ? "," : "").append(value);
        }
        return text.append('}').toString();
    }

    /** Takes the medians of quarters and years anew, of those alone in which a sale changed. */
    private static void savePeriods(Handle transaction, Set<Cell> resold) {
        Set<Cell> years = new TreeSet<>();
        Map<Period, Set<Cell>> touched = Map.of(Period.QUARTER, new TreeSet<>(), Period.YEAR, years);
        for (Cell cell : resold) {
            touched.forEach((period, cells) -> cells.add(new Cell(cell.area(), period.start(cell.month()))));
        }
        if (years.isEmpty()) {
            return;
        }
        Map<Cell, Figures> months = sales(transaction, years);
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO market_period (area, period, start, median_price, median_rate, median_days)
                VALUES (:area, :period, :start, :price, :rate, :days)
                ON CONFLICT (area, period, start) DO UPDATE SET median_price = excluded.median_price,
                    median_rate = excluded.median_rate, median_days = excluded.median_days
                """);
        touched.forEach((period, cells) -> {
            for (Cell cell : cells) {
                Figures all = new Figures();
                for (int i = 0; i < period.months(); i++) {
                    Figures month =
                            months.get(new Cell(cell.area(), cell.month().plusMonths(i)));
                    if (month != null) {
                        all.add(month);
                    }
                }
                Medians medians = Medians.of(all);
                rows.bind("area", cell.area())
                        .bind("period", period.text())
                        .bind("start", cell.month().atDay(1))
                        .bind("price", medians.price())
                        .bind("rate", medians.rate())
                        .bind("days", medians.days())
                        .add();
            }
        });
        rows.execute();
    }

    /** The months of some years. */
    private static Map<Cell, Figures> sales(Handle transaction, Collection<Cell> years) {
        Map<Cell, Figures> found = new HashMap<>();
        transaction
                .createQuery("""
                        SELECT m.* FROM unnest(:areas, CAST(:starts AS date[])) AS asked(area, start)
                        JOIN market_month m ON m.area = asked.area AND m.month >= asked.start
                            AND m.month < asked.start + interval '1 year'
                        """)
                .bindArray("areas", String.class, years.stream().map(Cell::area).toList())
                .bindArray(
                        "starts",
                        String.class,
                        years.stream()
                                .map(cell -> cell.month().atDay(1).toString())
                                .toList())
                .map((row, context) -> Map.entry(cell(row), figures(row)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    static void removeAll(Handle transaction) {
        transaction.execute("DELETE FROM market_month");
        transaction.execute("DELETE FROM market_period");
        transaction.execute("DELETE FROM area");
    }
}
