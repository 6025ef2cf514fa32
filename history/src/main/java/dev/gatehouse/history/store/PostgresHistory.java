package dev.gatehouse.history.store;

import dev.gatehouse.history.History;
import dev.gatehouse.history.HistoryEntry;
import dev.gatehouse.history.Kind;
import dev.gatehouse.history.TimelineQuery;
import dev.gatehouse.runtime.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Timelines in PostgreSQL: each read is a piece of one index. */
public final class PostgresHistory implements History {
    private static final String COLUMNS = """
            SELECT sequence, part, kind, property_key, listing_key, originating_system, change_type, field_name,
                previous_value, new_value, happened_at, recorded_at
            """;

    private final Database database;

    public PostgresHistory(Database database) {
        this.database = database;
    }

    @Override
    public boolean knows(String propertyKey) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT EXISTS (SELECT FROM property WHERE property_key = :property)")
                        .define(Database.PREPARED, true)
                        .bind("property", propertyKey)
                        .mapTo(Boolean.class)
                        .one());
    }

    @Override
    public Optional<String> propertyOf(String listingKey) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("SELECT property_key FROM listing WHERE listing_key = :listing")
                                .define(Database.PREPARED, true)
                                .bind("listing", listingKey)
                                .mapTo(String.class)
                                .findOne());
    }

    @Override
    public List<HistoryEntry> timeline(TimelineQuery query, HistoryEntry.@Nullable Position after, int limit) {
        Map<String, Object> values = new LinkedHashMap<>();
        StringBuilder sql = new StringBuilder(COLUMNS).append(from(query, values));
        if (after != null) {
            sql.append(" AND (happened_at, sequence, part) ")
                    .append(query.order() == TimelineQuery.Order.OLDEST_FIRST ? '>' : '<')
                    .append(" (:at, :sequence, :part)");
            values.put("at", OffsetDateTime.ofInstant(after.happenedAt(), ZoneOffset.UTC));
            values.put("sequence", after.sequence());
            values.put("part", after.part());
        }
        values.put("limit", limit);
        sql.append(order(query)).append(" LIMIT :limit");
        return read(sql.toString(), values);
    }

    @Override
    public List<HistoryEntry> page(TimelineQuery query, int limit, long offset) {
        Map<String, Object> values = new LinkedHashMap<>();
        String sql = COLUMNS + from(query, values) + order(query) + " LIMIT :limit OFFSET :offset";
        values.put("limit", limit);
        values.put("offset", offset);
        return read(sql, values);
    }

    private List<HistoryEntry> read(String sql, Map<String, Object> values) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql)
                        .define(Database.PREPARED, true)
                        .bindMap(values)
                        .map((row, context) -> entry(row))
                        .list());
    }

    @Override
    public long count(TimelineQuery query) {
        Map<String, Object> values = new LinkedHashMap<>();
        String sql = "SELECT count(*)" + from(query, values);
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql)
                        .define(Database.PREPARED, true)
                        .bindMap(values)
                        .mapTo(Long.class)
                        .one());
    }

    private static String from(TimelineQuery query, Map<String, Object> values) {
        StringBuilder sql = new StringBuilder(" FROM entry WHERE property_key = :property");
        values.put("property", query.propertyKey());
        Kind kind = query.kind();
        if (kind != null) {
            sql.append(" AND kind = :kind");
            values.put("kind", kind.text());
        }
        LocalDate from = query.from();
        if (from != null) {
            sql.append(" AND happened_at >= :from");
            values.put("from", from.atStartOfDay().atOffset(ZoneOffset.UTC));
        }
        LocalDate to = query.to();
        if (to != null) {
            sql.append(" AND happened_at < :until");
            values.put("until", to.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC));
        }
        return sql.toString();
    }

    private static String order(TimelineQuery query) {
        String direction = query.order() == TimelineQuery.Order.OLDEST_FIRST ? "" : " DESC";
        return " ORDER BY happened_at" + direction + ", sequence" + direction + ", part" + direction;
    }

    private static HistoryEntry entry(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        return new HistoryEntry(
                row.getLong("sequence"),
                row.getInt("part"),
                Kind.of(kind).orElseThrow(() -> new IllegalStateException("unknown kind " + kind)),
                row.getString("property_key"),
                row.getString("listing_key"),
                row.getString("originating_system"),
                row.getString("change_type"),
                row.getString("field_name"),
                row.getString("previous_value"),
                row.getString("new_value"),
                row.getObject("happened_at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant());
    }
}
