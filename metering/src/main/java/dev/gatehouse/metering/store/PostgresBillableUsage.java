package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.metering.BillableHour;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.LedgerCut;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.runtime.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Counts from the views of schema {@code metering}. A count and its cut come from one snapshot of the database
 * (repeatable read): rollups are written in their batch's own transaction, so they hold exactly the cut's batches.
 */
public final class PostgresBillableUsage implements BillableUsage {
    private static final Comparator<BillableHour> ORDER = Comparator.comparing(BillableHour::hour)
            .thenComparing(BillableHour::operation)
            .thenComparing(BillableHour::plan);

    private static final String ROLLED_UP = """
            SELECT tenant_id, slot AS hour, operation_no, plan_no, sum(billable_calls) AS calls, sum(billable_units) AS units
            FROM billable_hour
            WHERE slot >= :from AND slot < :to AND (:tenant::text IS NULL OR tenant_id = :tenant)
            GROUP BY tenant_id, slot, operation_no, plan_no
            """;

    private static final String RECOUNTED = """
            SELECT tenant_id, date_trunc('hour', at, 'UTC') AS hour, operation_no, plan_no, count(*) AS calls,
                sum(charged) AS units
            FROM billable_row
            WHERE at >= :from AND at < :to AND (:tenant::text IS NULL OR tenant_id = :tenant)
            GROUP BY tenant_id, date_trunc('hour', at, 'UTC'), operation_no, plan_no
            """;

    private final Database database;

    /** @param database opened on schema {@code metering} */
    public PostgresBillableUsage(Database database) {
        this.database = database;
    }

    @Override
    public Counted hours(TenantId tenant, Instant from, Instant to) {
        return database.snapshotAsTenant(tenant, (Handle handle) -> {
            LedgerCut cut = head(handle);
            Map<TenantId, List<BillableHour>> hours = new HashMap<>();
            sum(handle, ROLLED_UP, tenant, from, to, hours);
            return new Counted(cut, Objects.requireNonNullElse(sorted(hours).get(tenant), List.of()));
        });
    }

    @Override
    public Everyone twice(TenantId tenant, Instant from, Instant to) {
        return database.snapshotAsTenant(tenant, (Handle handle) -> {
            LedgerCut cut = head(handle);
            Map<TenantId, List<BillableHour>> rolledUp = new HashMap<>();
            Map<TenantId, List<BillableHour>> recounted = new HashMap<>();
            sum(handle, ROLLED_UP, tenant, from, to, rolledUp);
            sum(handle, RECOUNTED, tenant, from, to, recounted);
            return new Everyone(cut, sorted(rolledUp), sorted(recounted));
        });
    }

    @Override
    public Everyone everyone(Instant from, Instant to, Sources sources) {
        return database.snapshotAsSystem((Handle handle) -> {
            LedgerCut cut = head(handle);
            handle.execute("SET LOCAL work_mem = '64MB'");
            Map<TenantId, List<BillableHour>> rolledUp = new HashMap<>();
            sum(handle, ROLLED_UP, null, from, to, rolledUp);
            Map<TenantId, List<BillableHour>> recounted = new HashMap<>();
            if (sources == Sources.ROLLUPS_AND_CALLS) {
                // a day at a time: each is one partition, and its groups fit into memory
                for (Instant day = from; day.isBefore(to); day = day.plus(Duration.ofDays(1))) {
                    Instant end = day.plus(Duration.ofDays(1));
                    sum(handle, RECOUNTED, null, day, end.isBefore(to) ? end : to, recounted);
                }
            }
            return new Everyone(cut, sorted(rolledUp), sorted(recounted));
        });
    }

    private static void sum(
            Handle handle,
            String sql,
            @Nullable TenantId tenant,
            Instant from,
            Instant to,
            Map<TenantId, List<BillableHour>> into) {
        Map<Integer, String> operations = names(handle, "operation_name");
        Map<Integer, String> plans = names(handle, "plan_name");
        Map<String, TenantId> ids = new HashMap<>();
        // an operation's id may stand in several services or versions: its rows add up under the one name
        Map<TenantId, Map<Slot, long[]>> sums = new HashMap<>();
        handle.createQuery(sql)
                .setFetchSize(10_000)
                .bind("from", utc(from))
                .bind("to", utc(to))
                .bind("tenant", tenant == null ? null : tenant.value())
                .map((row, context) -> {
                    TenantId of = ids.computeIfAbsent(row.getString(1), TenantId::new);
                    Slot slot = new Slot(
                            row.getObject(2, OffsetDateTime.class).toEpochSecond(),
                            Objects.requireNonNull(operations.get(row.getInt(3))),
                            Objects.requireNonNull(plans.get(row.getInt(4))));
                    long[] sum =
                            sums.computeIfAbsent(of, t -> new HashMap<>()).computeIfAbsent(slot, key -> new long[2]);
                    sum[0] = Math.addExact(sum[0], row.getLong(5));
                    sum[1] = Math.addExact(sum[1], row.getBigDecimal(6).longValueExact());
                    return 0;
                })
                .forEach(row -> {});
        sums.forEach((of, slots) -> {
            List<BillableHour> hours = into.computeIfAbsent(of, t -> new ArrayList<>(slots.size()));
            slots.forEach((slot, sum) -> hours.add(new BillableHour(
                    Instant.ofEpochSecond(slot.hour()), slot.plan(), slot.operation(), sum[0], sum[1])));
        });
    }

    private record Slot(long hour, String operation, String plan) {}

    private static Map<Integer, String> names(Handle handle, String view) {
        Map<Integer, String> names = new HashMap<>();
        handle.createQuery("SELECT no, text FROM " + view)
                .map((row, context) -> Map.entry(row.getInt(1), row.getString(2)))
                .forEach(name -> names.put(name.getKey(), name.getValue()));
        return names;
    }

    private static Map<TenantId, List<BillableHour>> sorted(Map<TenantId, List<BillableHour>> hours) {
        hours.values().forEach(list -> list.sort(ORDER));
        return hours;
    }

    private static LedgerCut head(Handle handle) {
        return new LedgerCut(handle.createQuery("SELECT shard, batch, hash FROM ledger_head ORDER BY shard")
                .map((row, context) -> new LedgerCut.Head(row.getInt(1), row.getLong(2), row.getString(3)))
                .list());
    }

    @Override
    public LedgerPage calls(Behind behind, @Nullable String cursor, int limit) {
        LedgerCursor after = cursor == null ? LedgerCursor.START : LedgerCursor.parse(cursor);
        List<LedgerRow> rows = database.asTenant(
                behind.tenant(),
                (Handle handle) -> handle.createQuery("""
                        SELECT c.* FROM billable_call c
                            LEFT JOIN unnest(:shards::int[], :afters::bigint[], :untils::bigint[])
                                AS cut (shard, after_batch, until_batch) ON cut.shard = c.shard
                        WHERE c.tenant_id = :tenant AND c.at >= greatest(:from::timestamptz, :afterAt::timestamptz)
                            AND c.at < :to
                            AND (c.at, c.producer, c.epoch, c.seq)
                                > (:afterAt::timestamptz, :afterProducer, :afterEpoch, :afterSeq)
                            AND (:operation::text IS NULL OR c.operation = :operation)
                            AND (:plan::text IS NULL OR c.plan = :plan)
                            AND c.batch > cut.after_batch AND c.batch <= cut.until_batch
                        ORDER BY c.at, c.producer, c.epoch, c.seq LIMIT :limit
                        """)
                        .bind("tenant", behind.tenant().value())
                        .bind("from", utc(behind.from()))
                        .bind("to", utc(behind.to()))
                        .bind("afterAt", utc(after.at()))
                        .bind("afterProducer", after.producer())
                        .bind("afterEpoch", after.epoch())
                        .bind("afterSeq", after.seq())
                        .bind("operation", behind.operation())
                        .bind("plan", behind.plan())
                        .bind("shards", shards(behind.until()))
                        .bind("afters", batches(behind, behind.after()))
                        .bind("untils", batches(behind, behind.until()))
                        .bind("limit", limit + 1)
                        .map((row, context) -> call(row))
                        .list());
        if (rows.size() <= limit) {
            return new LedgerPage(rows, null);
        }
        List<LedgerRow> page = rows.subList(0, limit);
        return new LedgerPage(page, LedgerCursor.of(page.getLast().event()).text());
    }

    private static Integer[] shards(LedgerCut cut) {
        return cut.heads().stream().map(LedgerCut.Head::shard).toArray(Integer[]::new);
    }

    private static Long[] batches(Behind behind, LedgerCut of) {
        return behind.until().heads().stream()
                .map(head -> of.batchOf(head.shard()))
                .toArray(Long[]::new);
    }

    @Override
    public List<Batches> batches(TenantId tenant, Instant from, Instant to, LedgerCut until) {
        return database.asTenant(tenant, (Handle handle) -> {
            List<Batches> found = new ArrayList<>();
            handle.createQuery("""
                            WITH part AS (
                                SELECT date_trunc('hour', at, 'UTC') AS hour, shard, batch, count(*) AS calls
                                FROM billable_row WHERE tenant_id = :tenant AND at >= :from AND at < :to
                                GROUP BY 1, 2, 3)
                            SELECT p.hour, p.shard, sum(p.calls), count(*), min(p.batch), max(p.batch),
                                encode(sha256(string_agg(l.hash, ''::bytea ORDER BY p.batch)), 'hex')
                            FROM part p JOIN ledger_link l ON l.shard = p.shard AND l.number = p.batch
                                JOIN unnest(:shards::int[], :untils::bigint[]) AS cut (shard, until_batch)
                                    ON cut.shard = p.shard AND p.batch <= cut.until_batch
                            GROUP BY p.hour, p.shard ORDER BY p.hour, p.shard
                            """)
                    .bind("tenant", tenant.value())
                    .bind("from", utc(from))
                    .bind("to", utc(to))
                    .bind("shards", shards(until))
                    .bind(
                            "untils",
                            until.heads().stream().map(LedgerCut.Head::batch).toArray(Long[]::new))
                    .map((row, context) -> new Batches(
                            row.getObject(1, OffsetDateTime.class).toInstant(),
                            row.getInt(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getString(7)))
                    .forEach(found::add);
            return found;
        });
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

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
