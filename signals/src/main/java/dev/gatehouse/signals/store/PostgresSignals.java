package dev.gatehouse.signals.store;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.signals.Signal;
import dev.gatehouse.signals.SignalQuery;
import dev.gatehouse.signals.Signals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signals in PostgreSQL. */
public final class PostgresSignals implements Signals {
    private final Database database;

    public PostgresSignals(Database database) {
        this.database = database;
    }

    @Override
    public List<Signal> page(SignalQuery query, SignalQuery.@Nullable Position after, int limit) {
        Map<String, Object> values = new LinkedHashMap<>();
        StringBuilder where = new StringBuilder("true");
        if (!query.types().isEmpty()) {
            where.append(" AND type = ANY(:types)");
            values.put("types", query.types().stream().map(SignalType::text).toArray(String[]::new));
        }
        if (query.area() != null) {
            area(query.area(), where, values);
        }
        if (query.property() != null) {
            where.append(" AND property_key = :property");
            values.put("property", query.property());
        }
        if (query.since() != null) {
            where.append(" AND raised_at >= :since");
            values.put("since", HomeRows.time(query.since()));
        }
        if (query.least() != null) {
            where.append(" AND severity >= :least");
            values.put("least", query.least().ordinal());
        }
        if (after != null) {
            where.append(" AND (raised_at, id) < (:raised, :id)");
            values.put("raised", HomeRows.time(after.raisedAt()));
            values.put("id", after.id());
        }
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT signal FROM signal WHERE " + where
                                + " ORDER BY raised_at DESC, id DESC LIMIT :limit")
                        .bindMap(values)
                        .bind("limit", limit)
                        .map((row, context) -> Json.read(row.getString("signal"), Signal.class))
                        .list());
    }

    private static void area(Area area, StringBuilder where, Map<String, Object> values) {
        values.put("area", area.text());
        switch (area.kind()) {
            case COUNTY -> where.append(" AND county = :area");
            case CITY -> where.append(" AND city = :area");
            case ZIP -> where.append(" AND zip = :area");
            case GEOHASH -> {
                // no letter of a geohash comes after z
                where.append(" AND geohash >= :area AND geohash < :areaEnd");
                values.put("areaEnd", area.text() + "~");
            }
        }
    }
}
