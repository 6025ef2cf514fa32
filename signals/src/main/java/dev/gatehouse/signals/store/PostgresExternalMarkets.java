package dev.gatehouse.signals.store;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.signals.external.ExternalMarkets;
import dev.gatehouse.signals.external.ExternalSeries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** External series in PostgreSQL. */
public final class PostgresExternalMarkets implements ExternalMarkets {
    private final Database database;

    public PostgresExternalMarkets(Database database) {
        this.database = database;
    }

    private record Named(String source, String measure, String region, String unit) {
        static Named read(ResultSet row) throws SQLException {
            return new Named(
                    row.getString("source"), row.getString("measure"), row.getString("region"), row.getString("unit"));
        }
    }

    @Override
    public List<ExternalSeries> of(Area area) {
        Map<Named, List<ExternalSeries.Month>> found = new LinkedHashMap<>();
        database.jdbi()
                .useHandle(handle -> handle.createQuery("""
                        SELECT source, measure, region, unit, month, value
                        FROM external_series JOIN external_value USING (source, area, measure)
                        WHERE area = :area ORDER BY source, measure, month
                        """)
                        .bind("area", area.text())
                        .map((row, context) -> Map.entry(
                                Named.read(row),
                                new ExternalSeries.Month(
                                        YearMonth.from(row.getObject("month", LocalDate.class)),
                                        row.getBigDecimal("value"))))
                        .forEach(entry -> found.computeIfAbsent(entry.getKey(), named -> new ArrayList<>())
                                .add(entry.getValue())));
        List<ExternalSeries> series = new ArrayList<>();
        found.forEach((named, values) -> series.add(new ExternalSeries(
                named.source(), area.text(), named.region(), named.measure(), named.unit(), values)));
        return series;
    }

    /** Keeps what is new or changed, all of it or nothing. */
    public Kept keep(List<ExternalSeries> series) {
        return database.jdbi().inTransaction(transaction -> {
            long accepted = 0;
            long all = 0;
            for (ExternalSeries one : series) {
                accepted += keep(transaction, one);
                all += one.values().size();
            }
            return new Kept(accepted, all - accepted);
        });
    }

    private static int keep(Handle transaction, ExternalSeries one) {
        transaction
                .createUpdate("""
                        INSERT INTO external_series (source, area, measure, region, unit)
                        VALUES (:source, :area, :measure, :region, :unit)
                        ON CONFLICT (source, area, measure) DO UPDATE SET region = excluded.region, unit = excluded.unit
                        """)
                .bind("source", one.source())
                .bind("area", one.area())
                .bind("measure", one.measure())
                .bind("region", one.region())
                .bind("unit", one.unit())
                .execute();
        return transaction
                .createUpdate("""
                        INSERT INTO external_value (source, area, measure, month, value)
                        SELECT :source, :area, :measure, CAST(month AS date), CAST(value AS numeric)
                        FROM unnest(:months, :values) AS v (month, value)
                        ON CONFLICT (area, source, measure, month) DO UPDATE SET value = excluded.value
                        WHERE external_value.value IS DISTINCT FROM excluded.value
                        """)
                .bind("source", one.source())
                .bind("area", one.area())
                .bind("measure", one.measure())
                .bindArray(
                        "months",
                        String.class,
                        one.values().stream()
                                .map(month -> month.month().atDay(1).toString())
                                .toArray())
                .bindArray(
                        "values",
                        String.class,
                        one.values().stream()
                                .map(month -> month.value() == null
                                        ? null
                                        : month.value().toPlainString())
                                .toArray())
                .execute();
    }
}
