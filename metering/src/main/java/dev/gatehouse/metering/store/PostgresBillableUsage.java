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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Counts from the views of schema {@code metering}. A count and its cut come from one snapshot of the database
 * (repeatable read): rollups are written in their batch's own transaction, so they hold exactly the cut's batches.
 */
public final class PostgresBillableUsage implements BillableUsage {
    /** Tenants whose hours are read together. */
    private static final int CHUNK = 25;

    private static final String HOURS = """
            SELECT tenant_id, slot, operation_no, plan_no, sum(billable_calls) AS calls, sum(billable_units) AS units
            FROM billable_hour
            WHERE tenant_id = ANY (:tenants::text[]) AND slot >= :from AND slot < :to
            GROUP BY tenant_id, slot, operation_no, plan_no
            """;

    private static final String DAYS = """
            SELECT tenant_id, slot, operation_no, plan_no, sum(billable_calls) AS calls, sum(billable_units) AS units
            FROM billable_day
            WHERE tenant_id = ANY (:tenants::text[]) AND slot >= :from AND slot < :to
                AND slot <> ALL (:byHour::timestamptz[])
            GROUP BY tenant_id, slot, operation_no, plan_no
            """;

    private static final String CALLS = """
            SELECT tenant_id, date_trunc('hour', at, 'UTC') AS slot, operation_no, plan_no, count(*) AS calls,
                sum(charged) AS units
            FROM billable_row
            WHERE tenant_id = ANY (:tenants::text[]) AND at >= :from AND at < :to
            GROUP BY tenant_id, date_trunc('hour', at, 'UTC'), operation_no, plan_no
            """;

    /** A day of everyone: numbers are what a month of calls is counted by in good time. */
    private static final String EVERYONES_CALLS = """
            SELECT tenant_no, date_bin('1 hour', at, :from) AS slot, operation_no, plan_no, count(*) AS calls,
                sum(charged) AS units
            FROM (SELECT tenant_no, CASE WHEN tenant_no = ANY (:byHour::int[]) THEN at ELSE :from END AS at, operation_no,
                      plan_no, charged
                  FROM billable_number WHERE at >= :from AND at < :to) c
            GROUP BY 1, 2, 3, 4
            """;

    private final Database database;
    private final BillableNames names = new BillableNames();

    /** @param database opened on schema {@code metering} */
    public PostgresBillableUsage(Database database) {
        this.database = database;
    }

    @Override
    public Counted hours(TenantId tenant, Instant from, Instant to) {
        return database.snapshotAsTenant(
                tenant,
                (Handle handle) -> new Counted(
                        head(handle),
                        new BillableSums(handle, names)
                                .add(of(handle, HOURS, List.of(tenant), from, to))
                                .hours(tenant)));
    }

    @Override
    public Counted days(TenantId tenant, Instant from, Instant to, Set<Instant> byHour) {
        return database.snapshotAsTenant(tenant, (Handle handle) -> {
            BillableSums sums = new BillableSums(handle, names);
            sums.add(of(handle, DAYS, List.of(tenant), from, to)
                    .bind("byHour", byHour.stream().map(Instant::toString).toArray(String[]::new)));
            for (Instant day : byHour) {
                sums.add(of(handle, HOURS, List.of(tenant), day, day.plus(Duration.ofDays(1))));
            }
            return new Counted(head(handle), sums.hours(tenant));
        });
    }

    @Override
    public List<BillableHour> shape(TenantId tenant, Instant from, Instant to, Set<String> apart) {
        return database.asTenant(
                tenant,
                (Handle handle) -> handle.createQuery("""
                        SELECT h.slot, coalesce(o.text, '') AS operation, sum(h.billable_calls) AS calls,
                            sum(h.billable_units) AS units
                        FROM billable_hour h
                            LEFT JOIN (SELECT no, text FROM operation_name WHERE text = ANY (:apart::text[])) o
                                ON o.no = h.operation_no
                        WHERE h.tenant_id = :tenant AND h.slot >= :from AND h.slot < :to
                        GROUP BY h.slot, o.text ORDER BY h.slot, o.text
                        """)
                        .bind("apart", apart.toArray(String[]::new))
                        .bind("tenant", tenant.value())
                        .bind("from", utc(from))
                        .bind("to", utc(to))
                        .map((row, context) -> new BillableHour(
                                row.getObject("slot", OffsetDateTime.class).toInstant(),
                                "",
                                row.getString("operation"),
                                row.getLong("calls"),
                                row.getLong("units")))
                        .list());
    }

    @Override
    public Account twice(TenantId tenant, Instant from, Instant to) {
        return database.snapshotAsTenant(
                tenant,
                (Handle handle) -> new Account(
                        tenant,
                        head(handle),
                        new BillableSums(handle, names)
                                .add(of(handle, HOURS, List.of(tenant), from, to))
                                .hours(tenant),
                        new BillableSums(handle, names)
                                .add(of(handle, CALLS, List.of(tenant), from, to))
                                .hours(tenant)));
    }

    private static Query of(Handle handle, String sql, List<TenantId> tenants, Instant from, Instant to) {
        return handle.createQuery(sql)
                .bind("tenants", tenants.stream().map(TenantId::value).toArray(String[]::new))
                .bind("from", utc(from))
                .bind("to", utc(to));
    }

    @Override
    public void walk(Instant from, Instant to, List<Asked> tenants, Sources sources, Consumer<Account> each) {
        database.snapshotAsSystem((Handle handle) -> {
            handle.execute("SET LOCAL work_mem = '64MB'");
            LedgerCut cut = head(handle);
            BillableSums recounted = new BillableSums(handle, names);
            if (sources == Sources.ROLLUPS_AND_CALLS) {
                recount(handle, from, to, tenants, recounted);
            }
            List<List<TenantId>> chunks = chunks(tenants);
            String snapshot = handle.createQuery("SELECT pg_export_snapshot()")
                    .mapTo(String.class)
                    .one();
            try (ReadAhead<BillableSums> ahead = new ReadAhead<>(chunks.stream()
                    .map(chunk -> rolledUp(snapshot, chunk, from, to))
                    .toList())) {
                for (List<TenantId> chunk : chunks) {
                    BillableSums rolledUp = ahead.next();
                    for (TenantId tenant : chunk) {
                        each.accept(new Account(tenant, cut, rolledUp.hours(tenant), recounted.hours(tenant)));
                    }
                }
            }
            return cut;
        });
    }

    private static List<List<TenantId>> chunks(List<Asked> tenants) {
        List<List<TenantId>> chunks = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i += CHUNK) {
            chunks.add(tenants.subList(i, Math.min(tenants.size(), i + CHUNK)).stream()
                    .map(Asked::tenant)
                    .toList());
        }
        return chunks;
    }

    private Callable<BillableSums> rolledUp(String snapshot, List<TenantId> chunk, Instant from, Instant to) {
        return () -> database.snapshotAsSystem(snapshot, (Handle own) -> {
            own.execute("SET LOCAL work_mem = '64MB'");
            return new BillableSums(own, names).add(of(own, HOURS, chunk, from, to));
        });
    }

    /**
     * A day at a time: each is one partition, and its groups fit into memory. All of a day's figures are fetched at once,
     * as PostgreSQL works on a statement with several processes only then.
     */
    private static void recount(Handle handle, Instant from, Instant to, List<Asked> tenants, BillableSums into) {
        Map<TenantId, Integer> numbers = numbers(handle);
        for (Instant day = from; day.isBefore(to); day = day.plus(Duration.ofDays(1))) {
            Instant begin = day;
            Instant end = day.plus(Duration.ofDays(1));
            Integer[] byHour = tenants.stream()
                    .filter(asked -> asked.byHour().contains(begin))
                    .flatMap(asked -> Stream.ofNullable(numbers.get(asked.tenant())))
                    .toArray(Integer[]::new);
            into.addByNumber(
                    handle.createQuery(EVERYONES_CALLS)
                            .bind("from", utc(begin))
                            .bind("to", utc(end.isBefore(to) ? end : to))
                            .bind("byHour", byHour),
                    numbers);
        }
    }

    private static Map<TenantId, Integer> numbers(Handle handle) {
        Map<TenantId, Integer> numbers = new HashMap<>();
        handle.createQuery("SELECT tenant_id, no FROM tenant_number")
                .map((row, context) -> Map.entry(new TenantId(row.getString(1)), row.getInt(2)))
                .forEach(number -> numbers.put(number.getKey(), number.getValue()));
        return numbers;
    }

    @Override
    public Map<TenantId, Total> totals(Instant from, Instant to) {
        return database.asSystem((Handle handle) -> {
            Map<TenantId, Total> totals = new HashMap<>();
            handle.createQuery("""
                            SELECT tenant_id, sum(billable_calls), sum(billable_units) FROM billable_day
                            WHERE slot >= :from AND slot < :to GROUP BY tenant_id
                            """)
                    .bind("from", utc(from))
                    .bind("to", utc(to))
                    .map((row, context) -> Map.entry(
                            new TenantId(row.getString(1)),
                            new Total(
                                    row.getBigDecimal(2).longValueExact(),
                                    row.getBigDecimal(3).longValueExact())))
                    .forEach(total -> totals.put(total.getKey(), total.getValue()));
            return totals;
        });
    }

    @Override
    public List<TenantId> tenants() {
        return database.asSystem((Handle handle) -> List.copyOf(numbers(handle).keySet()));
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
