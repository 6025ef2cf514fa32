package dev.gatehouse.bench.metering.store;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import dev.gatehouse.bench.metering.GeneratedCalls;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A month of calls put into the ledger's own tables by COPY, by-passing its writer: raw rows with their frames, sums by hour
 * and day, and for the last days, as long as the ledger keeps them, sums and sketches by the minute. What the writer adds
 * besides (ranges, chain) is not there.
 */
public final class MonthOfCalls implements AutoCloseable {
    private static final String ROW =
            "at, batch, seq, cost, charged, epoch, producer, tenant, key, plan, operation, shard, status, completion, flags,"
                    + " frame";
    private static final String SUM =
            "slot, calls, units, billable_calls, billable_units, request_bytes, response_bytes,"
                    + " total_micros, late_calls, late_units, key, plan, operation, grain, shard, status, live, tenant_id";
    private static final String SKETCH = "slot, operation, shard, tenant_id, sketch";
    private static final String[] PROTECTED = {"rollup_minute", "rollup_hour", "rollup_day", "latency", "latency_hour"};

    private final Connection names;
    private final Connection rows;
    private final Connection minutes;
    private final Connection sketches;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final UsageEventCodec codec = new UsageEventCodec();

    private record Group(String tenant, int operation, int key, int status) {}

    private record Operation(String tenant, int operation) {}

    private static final class Sums {
        private long calls;
        private long units;
        private long billable;
        private long billableUnits;
        private long bytes;
        private long micros;
    }

    /** @param url of a database that has the ledger's schema */
    public MonthOfCalls(DatabaseUrl url) throws SQLException {
        names = connect(url);
        rows = connect(url);
        minutes = connect(url);
        sketches = connect(url);
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        Properties properties = new Properties();
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        Connection connection = DriverManager.getConnection(url.jdbc(), properties);
        run(connection, "SET search_path = ledger, public");
        run(connection, "SELECT set_config('gatehouse.tenant', '*', false)");
        run(connection, "SET synchronous_commit = off");
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * @param first the month's first day
     * @param minutesFrom the first day whose minutes are kept
     */
    public void load(GeneratedCalls calls, long events, LocalDate first, int days, LocalDate minutesFrom)
            throws SQLException {
        for (String table : PROTECTED) {
            // COPY does not go together with row-level security that binds the owner, too
            run(rows, "ALTER TABLE " + table + " NO FORCE ROW LEVEL SECURITY");
        }
        // indexes of what has most rows are made in one go afterwards: the same tables, sooner
        run(rows, "ALTER TABLE rollup DETACH PARTITION rollup_minute");
        run(rows, "ALTER TABLE rollup_minute DROP CONSTRAINT rollup_minute_pkey");
        run(rows, "DROP INDEX rollup_minute_slot");
        run(rows, "ALTER TABLE latency DROP CONSTRAINT latency_pkey");
        run(rows, "DROP INDEX latency_slot");
        for (int day = 0; day < days; day++) {
            long count = events * (day + 1) / days - events * day / days;
            day(calls, first.plusDays(day), count, !first.plusDays(day).isBefore(minutesFrom));
        }
        run(rows, "SET maintenance_work_mem = '1GB'");
        run(rows, "ALTER TABLE latency ADD PRIMARY KEY (tenant_id, slot, operation, shard)");
        run(rows, "CREATE INDEX latency_slot ON latency (slot)");
        run(
                rows,
                "ALTER TABLE rollup_minute"
                        + " ADD PRIMARY KEY (grain, tenant_id, slot, operation, key, status, plan, live, shard)");
        run(rows, "CREATE INDEX rollup_minute_slot ON rollup_minute (slot)");
        run(rows, "ALTER TABLE rollup ATTACH PARTITION rollup_minute FOR VALUES IN (1)");
        for (String table : PROTECTED) {
            run(rows, "ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY");
        }
        run(rows, "VACUUM (ANALYZE)");
    }

    private void day(GeneratedCalls calls, LocalDate day, long count, boolean withMinutes) throws SQLException {
        run(rows, "SELECT make_partition('usage_event', '" + day + "')");
        long start = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        Map<Group, Sums> ofDay = new HashMap<>();
        Map<Group, Sums> ofMinute = new HashMap<>();
        Map<Operation, DDSketch> times = new HashMap<>();
        Map<Long, Map<Group, Sums>> hours = new LinkedHashMap<>();
        Map<Long, Map<Operation, DDSketch>> hourly = new LinkedHashMap<>();
        long minute = start;
        try (CopyStream raw = new CopyStream(rows, "usage_event", ROW);
                CopyStream sums = new CopyStream(minutes, "rollup_minute", SUM);
                CopyStream sketched = new CopyStream(sketches, "latency", SKETCH)) {
            for (long i = 0; i < count; i++) {
                long micros = i * 86_400_000_000L / count;
                UsageEvent event =
                        calls.next(Instant.ofEpochSecond(start + micros / 1_000_000, micros % 1_000_000 * 1_000));
                long second = event.at().getEpochSecond();
                if (second >= minute + 60) {
                    flush(sums, ofMinute, 1, minute);
                    flush(sketched, times, minute);
                    minute = second / 60 * 60;
                }
                long hour = second / 3_600 * 3_600;
                Group group = group(event);
                add(ofDay, group, event);
                add(hours.computeIfAbsent(hour, h -> new HashMap<>()), group, event);
                Operation operation = new Operation(group.tenant(), group.operation());
                double millis = event.totalMicros() / 1_000.0;
                hourly.computeIfAbsent(hour, h -> new HashMap<>())
                        .computeIfAbsent(operation, o -> sketch())
                        .accept(millis);
                if (withMinutes) {
                    add(ofMinute, group, event);
                    times.computeIfAbsent(operation, o -> sketch()).accept(millis);
                }
                write(raw, event, group);
            }
            flush(sums, ofMinute, 1, minute);
            flush(sketched, times, minute);
        }
        try (CopyStream sums = new CopyStream(minutes, "rollup_hour", SUM)) {
            for (Map.Entry<Long, Map<Group, Sums>> hour : hours.entrySet()) {
                flush(sums, hour.getValue(), 2, hour.getKey());
            }
        }
        try (CopyStream sketched = new CopyStream(sketches, "latency_hour", SKETCH)) {
            for (Map.Entry<Long, Map<Operation, DDSketch>> hour : hourly.entrySet()) {
                flush(sketched, hour.getValue(), hour.getKey());
            }
        }
        try (CopyStream sums = new CopyStream(minutes, "rollup_day", SUM)) {
            flush(sums, ofDay, 3, start);
        }
    }

    private static DDSketch sketch() {
        return DDSketches.collapsingLowestDense(0.01, 1_024);
    }

    private Group group(UsageEvent event) throws SQLException {
        return new Group(
                event.tenant().value(),
                number(event.operation(), event),
                number(event.key().value(), event),
                event.status());
    }

    private static void add(Map<Group, Sums> groups, Group group, UsageEvent event) {
        Sums sums = groups.computeIfAbsent(group, g -> new Sums());
        sums.calls++;
        sums.units += event.charged();
        sums.billable += event.billable() ? 1 : 0;
        sums.billableUnits += event.billable() ? event.charged() : 0;
        sums.bytes += event.responseBytes();
        sums.micros += event.totalMicros();
    }

    private void write(CopyStream copy, UsageEvent event, Group group) throws SQLException {
        int length = codec.encode(event);
        copy.row(16)
                .time(event.at())
                .int8(1 + event.seq() / 20_000)
                .int8(event.seq())
                .int8(event.cost())
                .int8(event.charged())
                .int8(event.epoch())
                .int4(number(event.producer(), event))
                .int4(number(event.tenant().value(), event))
                .int4(group.key())
                .int4(number(event.plan(), event))
                .int4(group.operation())
                .int2(0)
                .int2(event.status())
                .int2(event.completion().ordinal())
                .int2(event.billable() ? 3 : 1)
                .bytes(codec.buffer(), 0, length);
    }

    private void flush(CopyStream copy, Map<Group, Sums> groups, int grain, long slot) throws SQLException {
        for (Map.Entry<Group, Sums> entry : groups.entrySet()) {
            Group group = entry.getKey();
            Sums sums = entry.getValue();
            copy.row(18)
                    .time(slot)
                    .int8(sums.calls)
                    .int8(sums.units)
                    .int8(sums.billable)
                    .int8(sums.billableUnits)
                    .numeric(0)
                    .numeric(sums.bytes)
                    .numeric(sums.micros)
                    .int8(0)
                    .int8(0)
                    .int4(group.key())
                    .int4(numbers.getOrDefault("growth", 0))
                    .int4(group.operation())
                    .int2(grain)
                    .int2(0)
                    .int2(group.status())
                    .bool(true)
                    .text(group.tenant());
        }
        groups.clear();
    }

    private static void flush(CopyStream copy, Map<Operation, DDSketch> times, long slot) throws SQLException {
        for (Map.Entry<Operation, DDSketch> entry : times.entrySet()) {
            GrowingByteArrayOutput out = GrowingByteArrayOutput.withDefaultInitialCapacity();
            try {
                entry.getValue().encode(out, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            byte[] bytes = out.trimmedCopy();
            copy.row(5)
                    .time(slot)
                    .int4(entry.getKey().operation())
                    .int2(0)
                    .text(entry.getKey().tenant())
                    .bytes(bytes, 0, bytes.length);
        }
        times.clear();
    }

    /** The ledger's number of a text of the event, made when it is new. */
    private int number(String text, UsageEvent event) throws SQLException {
        Integer known = numbers.get(text);
        if (known != null) {
            return known;
        }
        int made;
        if (text.equals(event.tenant().value())) {
            made = insert("INSERT INTO tenant (tenant_id) VALUES (?) RETURNING no", text);
        } else if (text.equals(event.operation())) {
            made = insert(
                    "INSERT INTO operation (service, version, operation) VALUES ('" + event.service() + "', '"
                            + event.version() + "', ?) RETURNING no",
                    text);
        } else {
            String kind = text.equals(event.producer()) ? "producer" : text.equals(event.plan()) ? "plan" : "key";
            made = insert("INSERT INTO name (kind, text) VALUES ('" + kind + "', ?) RETURNING no", text);
        }
        numbers.put(text, made);
        return made;
    }

    /** On a connection of its own: the others are in mid-COPY. */
    private int insert(String sql, String text) throws SQLException {
        try (PreparedStatement insert = names.prepareStatement(sql)) {
            insert.setString(1, text);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Rows and octets of each kind of table, indexes included, the biggest first. */
    public Map<String, long[]> sizes() throws SQLException {
        Map<String, long[]> sizes = new LinkedHashMap<>();
        try (Statement statement = rows.createStatement();
                ResultSet found = statement.executeQuery("""
                        SELECT CASE WHEN c.relname LIKE 'usage\\_event\\_2%' THEN 'usage_event' ELSE c.relname END AS name,
                               sum(c.reltuples)::bigint AS tuples, sum(pg_table_size(c.oid))::bigint AS bytes,
                               sum(pg_indexes_size(c.oid))::bigint AS indexes
                        FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'
                        GROUP BY 1 HAVING sum(pg_total_relation_size(c.oid)) > 1000000 ORDER BY bytes DESC
                        """)) {
            while (found.next()) {
                sizes.put(found.getString(1), new long[] {found.getLong(2), found.getLong(3), found.getLong(4)});
            }
        }
        return sizes;
    }

    @Override
    public void close() throws SQLException {
        names.close();
        rows.close();
        minutes.close();
        sketches.close();
    }
}
