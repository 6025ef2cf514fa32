package dev.gatehouse.metering.store;

import com.datadoghq.sketch.ddsketch.DDSketch;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.metering.LatencyQuery;
import dev.gatehouse.metering.LatencySum;
import dev.gatehouse.metering.LatencySummary;
import dev.gatehouse.metering.LedgerFilter;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.RefusalSum;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.runtime.sql.Database;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the views of schema {@code metering}, each in the context of the tenant that is asked for. */
public final class PostgresUsageReader implements UsageReader {
    private static final List<Duration> LOOK_BACK = List.of(Duration.ofHours(24), Duration.ofDays(40));
    private static final List<Duration> NAMED_BY_CLIENT =
            List.of(Duration.ofMinutes(15), Duration.ofHours(24), UsageReader.NAMED_BY_CLIENT);
    private static final Duration REQUEST_SPREAD = Duration.ofMinutes(10);
    private static final Map<Dimension, String> COLUMNS = Map.of(
            Dimension.KEY, "key_id",
            Dimension.OPERATION, "operation",
            Dimension.VERSION, "version",
            Dimension.STATUS, "status",
            Dimension.PLAN, "plan");

    private final Database database;
    private final InstantSource clock;

    /** @param database opened on schema {@code metering} */
    public PostgresUsageReader(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public List<UsageSum> sums(UsageQuery query) {
        List<String> columns =
                query.groupedBy().stream().sorted().map(COLUMNS::get).toList();
        String group = columns.isEmpty() ? "" : ", " + String.join(", ", columns);
        String sql = """
                SELECT slot%1$s, sum(calls) AS calls, sum(units) AS units, sum(billable_calls) AS billable_calls,
                    sum(billable_units) AS billable_units, sum(request_bytes) AS request_bytes,
                    sum(response_bytes) AS response_bytes, sum(total_micros) AS total_micros
                FROM usage_sum
                WHERE grain = :grain AND tenant_id = :tenant AND slot >= :from AND slot < :to
                GROUP BY slot%1$s ORDER BY slot%1$s
                """.formatted(group);
        return database.asTenant(
                query.tenant(),
                (Handle handle) -> handle.createQuery(sql)
                        .bind("grain", grain(query.bucket()).code())
                        .bind("tenant", query.tenant().value())
                        .bind("from", utc(query.bucket().slot(query.from())))
                        .bind("to", utc(query.to()))
                        .map((row, context) -> sum(row, query))
                        .list());
    }

    private static UsageSum sum(ResultSet row, UsageQuery query) throws SQLException {
        long calls = row.getLong("calls");
        return new UsageSum(
                instant(row, "slot"),
                text(row, query, Dimension.KEY),
                text(row, query, Dimension.OPERATION),
                text(row, query, Dimension.VERSION),
                query.groupedBy().contains(Dimension.STATUS) ? Integer.valueOf(row.getInt("status")) : null,
                text(row, query, Dimension.PLAN),
                calls,
                row.getLong("units"),
                row.getLong("billable_calls"),
                row.getLong("billable_units"),
                row.getBigDecimal("request_bytes").toBigIntegerExact(),
                row.getBigDecimal("response_bytes").toBigIntegerExact(),
                calls == 0 ? 0 : row.getBigDecimal("total_micros").doubleValue() / 1_000 / calls);
    }

    private static @Nullable String text(ResultSet row, UsageQuery query, Dimension dimension) throws SQLException {
        return query.groupedBy().contains(dimension) ? row.getString(COLUMNS.get(dimension)) : null;
    }

    private static RollupSums.Grain grain(Bucket bucket) {
        return switch (bucket) {
            case MINUTE -> RollupSums.Grain.MINUTE;
            case HOUR -> RollupSums.Grain.HOUR;
            case DAY -> RollupSums.Grain.DAY;
        };
    }

    @Override
    public List<LatencySummary> latency(TenantId tenant, Instant from, Instant to) {
        return latency(new LatencyQuery(tenant, from, to, null, LatencyQuery.Split.OPERATION)).stream()
                .map(LatencySum::summary)
                .toList();
    }

    @Override
    public Optional<LatencySummary> latencyOfAll(TenantId tenant, Instant from, Instant to) {
        return latency(new LatencyQuery(tenant, from, to, null, LatencyQuery.Split.NONE)).stream()
                .map(LatencySum::summary)
                .findFirst();
    }

    @Override
    public List<LatencySum> latency(LatencyQuery query) {
        return database.asTenant(query.tenant(), (Handle handle) -> LatencyRows.of(handle, query)).entrySet().stream()
                .map(entry -> new LatencySum(
                        entry.getKey().from(), summary(entry.getKey().operation(), entry.getValue())))
                .toList();
    }

    private static LatencySummary summary(String operation, DDSketch sketch) {
        double[] at = sketch.getValuesAtQuantiles(new double[] {0.5, 0.9, 0.95, 0.99});
        return new LatencySummary(
                operation, Math.round(sketch.getCount()), at[0], at[1], at[2], at[3], sketch.getMaxValue());
    }

    @Override
    public List<RefusalSum> refusals(TenantId tenant, Instant from, Instant to) {
        return database.asTenant(
                tenant,
                (Handle handle) -> handle.createQuery("""
                        SELECT slot, code, key_id, sum(count) AS count FROM refusal_sum
                        WHERE tenant_id = :tenant AND slot >= :from AND slot < :to
                        GROUP BY slot, code, key_id ORDER BY slot, code, key_id
                        """)
                        .bind("tenant", tenant.value())
                        .bind("from", utc(from))
                        .bind("to", utc(to))
                        .map((row, context) -> new RefusalSum(
                                instant(row, "slot"),
                                row.getString("code"),
                                row.getString("key_id"),
                                row.getLong("count")))
                        .list());
    }

    @Override
    public List<LedgerRow> lastCalls(TenantId tenant, int limit) {
        Instant now = clock.instant();
        List<LedgerRow> rows = List.of();
        for (Duration back : LOOK_BACK) {
            rows = database.asTenant(
                    tenant,
                    (Handle handle) -> handle.createQuery("""
                            SELECT n.text AS producer, c.epoch, c.seq, c.flags, c.frame
                            FROM (SELECT * FROM own_call WHERE at >= :from ORDER BY at DESC LIMIT :limit) c
                                JOIN producer_name n ON n.no = c.producer_no
                            ORDER BY c.at DESC
                            """)
                            .bind("from", utc(now.minus(back)))
                            .bind("limit", limit)
                            .map((row, context) -> call(row))
                            .list());
            if (rows.size() >= limit) {
                return rows;
            }
        }
        return rows;
    }

    @Override
    public Optional<LedgerRow> call(TenantId tenant, String id) {
        Optional<LedgerRow> ours = RequestIds.instant(id).flatMap(made -> callOf(tenant, id, made));
        return ours.isPresent() ? ours : callNamedByClient(tenant, id);
    }

    private Optional<LedgerRow> callOf(TenantId tenant, String requestId, Instant made) {
        return calls(
                        tenant,
                        "SELECT * FROM usage_call WHERE tenant_id = :tenant AND at BETWEEN :from AND :to ORDER BY at",
                        Map.of("from", utc(made.minus(REQUEST_SPREAD)), "to", utc(made.plus(REQUEST_SPREAD))))
                .stream()
                .filter(row -> row.event().requestId().equals(requestId))
                .findFirst();
    }

    /** A client's own id is no column: the frames of the time are looked through, the newest hours first. */
    private Optional<LedgerRow> callNamedByClient(TenantId tenant, String id) {
        Instant now = clock.instant();
        for (Duration back : NAMED_BY_CLIENT) {
            Optional<LedgerRow> found = calls(
                            tenant,
                            """
                            SELECT * FROM usage_call
                            WHERE tenant_id = :tenant AND at >= :from AND position(:id IN frame) > 0
                            ORDER BY at DESC LIMIT 100
                            """,
                            Map.of("from", utc(now.minus(back)), "id", id.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .filter(row -> id.equals(row.event().clientRequestId()))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    @Override
    public LedgerPage rows(LedgerFilter filter, @Nullable String cursor, int limit) {
        LedgerCursor after = cursor == null ? LedgerCursor.START : LedgerCursor.parse(cursor);
        List<LedgerRow> rows = database.asTenant(
                filter.tenant(),
                (Handle handle) -> handle.createQuery("""
                        SELECT * FROM usage_call
                        WHERE tenant_id = :tenant AND at >= greatest(:from::timestamptz, :afterAt::timestamptz) AND at < :to
                            AND (at, producer, epoch, seq) > (:afterAt::timestamptz, :afterProducer, :afterEpoch, :afterSeq)
                            AND (:operation::text IS NULL OR operation = :operation)
                            AND (:key::text IS NULL OR key_id = :key)
                            AND (:plan::text IS NULL OR plan = :plan)
                            AND (:billable::boolean IS NULL OR (flags & 2 <> 0) = :billable)
                        ORDER BY at, producer, epoch, seq LIMIT :limit
                        """)
                        .bind("tenant", filter.tenant().value())
                        .bind("from", utc(filter.from()))
                        .bind("to", utc(filter.to()))
                        .bind("afterAt", utc(after.at()))
                        .bind("afterProducer", after.producer())
                        .bind("afterEpoch", after.epoch())
                        .bind("afterSeq", after.seq())
                        .bind("operation", filter.operation())
                        .bind("key", filter.key())
                        .bind("plan", filter.plan())
                        .bind("billable", filter.billable())
                        .bind("limit", limit + 1)
                        .map((row, context) -> call(row))
                        .list());
        if (rows.size() <= limit) {
            return new LedgerPage(rows, null);
        }
        List<LedgerRow> page = rows.subList(0, limit);
        return new LedgerPage(page, LedgerCursor.of(page.getLast().event()).text());
    }

    @Override
    public List<LedgerRow> lateCalls(TenantId tenant, Instant from, Instant to, int limit) {
        return calls(
                tenant,
                "SELECT * FROM late_call WHERE tenant_id = :tenant AND at >= :from AND at < :to ORDER BY at LIMIT :limit",
                Map.of("from", utc(from), "to", utc(to), "limit", limit));
    }

    private List<LedgerRow> calls(TenantId tenant, String sql, Map<String, Object> values) {
        return database.asTenant(
                tenant,
                (Handle handle) -> handle.createQuery(sql)
                        .bind("tenant", tenant.value())
                        .bindMap(values)
                        .map((row, context) -> call(row))
                        .list());
    }

    private static LedgerRow call(ResultSet row) throws SQLException {
        byte[] frame = row.getBytes("frame");
        try {
            return new LedgerRow(
                    UsageEventCodec.decode(
                            row.getString("producer"),
                            row.getLong("epoch"),
                            row.getLong("seq"),
                            frame,
                            0,
                            frame.length),
                    (row.getInt("flags") & RawRows.LATE) != 0);
        } catch (MalformedUsageException e) {
            throw new SQLException("a row of the ledger cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Instant> completeUntil() {
        return Optional.ofNullable(database.jdbi()
                        .withHandle(handle -> handle.createQuery("SELECT min(complete_to) FROM completeness")
                                .map((row, context) -> row.getObject(1, OffsetDateTime.class))
                                .one()))
                .map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
