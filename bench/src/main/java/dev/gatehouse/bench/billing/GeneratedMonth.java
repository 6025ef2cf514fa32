package dev.gatehouse.bench.billing;

import dev.gatehouse.bench.metering.GeneratedCalls;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * A month of calls in a ledger, made inside the database: rows as the ledger's writer makes them, but for their frames, which
 * are all the same one of a real call's length, and the hashes of their batches. The rollups are summed from the rows.
 */
final class GeneratedMonth {
    private static final int BATCHES_AN_HOUR = 60;
    private static final int OPERATIONS = 10;
    private static final int KEYS = 2;
    private static final long MADE = 1_750_000_000_000L;

    private final Connection connection;
    private final String frame;

    private GeneratedMonth(Connection connection, YearMonth month) {
        this.connection = connection;
        UsageEventCodec codec = new UsageEventCodec();
        int length = codec.encode(new GeneratedCalls("gw_bench.0", 1, 1, 1)
                .next(month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant()));
        frame = HexFormat.of().formatHex(codec.buffer(), 0, length);
    }

    /**
     * Takes back what a run before left of bills, so that the month can be closed again, and leaves each tenant a final
     * invoice of the month before it: without one no season is looked at.
     */
    static void reopen(DatabaseUrl url, List<TenantId> tenants, YearMonth month) throws SQLException {
        BillingPeriod before = BillingPeriod.of(month.minusMonths(1));
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                PreparedStatement invoice = connection.prepareStatement("""
                        INSERT INTO invoice (invoice_id, tenant_id, period_from, period_to, state, number, currency, total, units,
                            calls, run_id, grace_until, final_at)
                        SELECT ?, tenant_id, ?, ?, 'FINAL', ?, 'USD', 99, sum(billable_units), sum(billable_calls), 'run_before',
                            ?, ?
                        FROM ledger.rollup WHERE grain = 3 AND tenant_id = ? AND slot >= ? AND slot < ? GROUP BY tenant_id
                        """)) {
            statement.execute("SET search_path = billing");
            statement.execute("TRUNCATE invoice, rating_run, invoice_line, invoice_change, extra_line, credit_note");
            statement.execute("UPDATE series SET next = 1");
            statement.execute("SELECT set_config('gatehouse.tenant', '*', false)");
            OffsetDateTime from = before.from().atOffset(ZoneOffset.UTC);
            OffsetDateTime to = before.to().atOffset(ZoneOffset.UTC);
            for (TenantId tenant : tenants) {
                invoice.setString(1, InvoiceId.of(tenant, before).value());
                invoice.setObject(2, from);
                invoice.setObject(3, to);
                invoice.setString(4, "OLD-" + tenant);
                invoice.setObject(5, to);
                invoice.setObject(6, to);
                invoice.setString(7, tenant.value());
                invoice.setObject(8, from);
                invoice.setObject(9, to);
                invoice.addBatch();
            }
            invoice.executeBatch();
        }
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        Properties properties = new Properties();
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        return DriverManager.getConnection(url.jdbc(), properties);
    }

    /** @param events over the whole month, evenly over its days and unevenly over tenants and hours */
    static void fill(DatabaseUrl url, List<TenantId> tenants, String plan, YearMonth month, long events)
            throws SQLException {
        try (Connection connection = connect(url)) {
            GeneratedMonth generated = new GeneratedMonth(connection, month);
            generated.run("SET search_path = ledger, public");
            generated.run("SELECT set_config('gatehouse.tenant', '*', false)");
            // made in one go afterwards: the same index, sooner
            generated.run("DROP INDEX usage_event_of_tenant");
            generated.run("SET synchronous_commit = off");
            generated.run("SET work_mem = '256MB'");
            generated.names(tenants, plan);
            generated.run("INSERT INTO shard (shard, next_batch) VALUES (0, "
                    + (1 + (long) BATCHES_AN_HOUR * 24 * month.lengthOfMonth()) + ") ON CONFLICT (shard) DO UPDATE SET"
                    + " next_batch = excluded.next_batch");
            for (int day = 1; day <= month.lengthOfMonth(); day++) {
                long before = events * (day - 1) / month.lengthOfMonth();
                generated.day(month, day, before, events * day / month.lengthOfMonth() - before, tenants.size());
                System.err.println("loaded " + month.atDay(day));
            }
            generated.weeksBefore(month, 28);
            generated.weeksBefore(month, 56);
            generated.run("SET maintenance_work_mem = '512MB'");
            generated.run("CREATE INDEX usage_event_of_tenant ON usage_event (tenant, at)");
            generated.run("VACUUM (ANALYZE)");
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void names(List<TenantId> tenants, String plan) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO tenant (tenant_id) VALUES (?) ON CONFLICT DO NOTHING")) {
            for (TenantId tenant : tenants) {
                insert.setString(1, tenant.value());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        run("INSERT INTO name (kind, text) VALUES ('plan', '" + plan + "'), ('producer', 'gw_bench.0')"
                + " ON CONFLICT DO NOTHING");
        for (int i = 0; i < KEYS; i++) {
            run("INSERT INTO name (kind, text) VALUES ('key', '" + PrefixedId.of(KeyId.PREFIX, MADE, 0, i)
                    + "') ON CONFLICT DO NOTHING");
        }
        for (int i = 0; i < OPERATIONS; i++) {
            run("INSERT INTO operation (service, version, operation) VALUES ('listings', 'v2', 'operation" + i
                    + "') ON CONFLICT DO NOTHING");
        }
    }

    private void day(YearMonth month, int day, long before, long events, int tenants) throws SQLException {
        String date = month.atDay(day).toString();
        run("SELECT make_partition('usage_event', '" + date + "')");
        // hashes of the event's number stand for chance: the same month every time
        run("""
                INSERT INTO usage_event (at, batch, seq, cost, charged, epoch, producer, tenant, key, plan, operation, shard,
                    status, completion, flags, frame)
                SELECT at, 1 + %2$d * 24 * %3$d + floor(extract(epoch FROM at - '%1$s 00:00Z'::timestamptz) / 60), seq,
                    units, units, 1, p.no, t.no, k.no, l.no, o.no, 0, CASE WHEN e.chance %% 12 = 0 THEN 304 ELSE 200 END, 0,
                    3, '\\x%9$s'
                FROM (
                    SELECT g + %4$d AS seq,
                        '%1$s 00:00Z'::timestamptz + make_interval(secs => (g * 86400.0 / %5$d)) AS at,
                        1 + abs(hashint8(g + %4$d)) %% 3 AS units,
                        (power((abs(hashint8(g * 7 + %4$d)) %% 1000000) / 1000000.0, 2) * %6$d)::int AS nth,
                        abs(hashint8(g * 13 + %4$d)) %% %7$d AS what,
                        abs(hashint8(g * 17 + %4$d)) %% %8$d AS whose,
                        abs(hashint8(g * 19 + %4$d)) AS chance
                    FROM generate_series(0, %5$d - 1) g) e
                JOIN (SELECT no, row_number() OVER (ORDER BY tenant_id) - 1 AS nth FROM tenant) t
                    ON t.nth = least(e.nth, %6$d - 1)
                JOIN (SELECT no, row_number() OVER (ORDER BY no) - 1 AS what FROM operation) o USING (what)
                JOIN (SELECT no, row_number() OVER (ORDER BY no) - 1 AS whose FROM name WHERE kind = 'key') k USING (whose)
                CROSS JOIN (SELECT no FROM name WHERE kind = 'producer' LIMIT 1) p
                CROSS JOIN (SELECT no FROM name WHERE kind = 'plan' LIMIT 1) l
                """.formatted(date, day - 1, BATCHES_AN_HOUR, before, events, tenants, OPERATIONS, KEYS, frame));
        rollup(date, 2, "hour");
        rollup(date, 3, "day");
    }

    /** The same four weeks once more, in sums alone: what a tenant's season is told by. */
    private void weeksBefore(YearMonth month, int days) throws SQLException {
        for (int grain = 2; grain <= 3; grain++) {
            run("""
                    INSERT INTO rollup (slot, calls, units, billable_calls, billable_units, request_bytes, response_bytes,
                        total_micros, late_calls, late_units, key, plan, operation, grain, shard, status, live, tenant_id)
                    SELECT slot - interval '%1$d days', sum(calls), sum(units), sum(billable_calls), sum(billable_units), 0, 0,
                        0, 0, 0, min(key), plan, operation, grain, 0, 200, true, tenant_id
                    FROM rollup
                    WHERE grain = %2$d AND slot >= '%3$s 00:00Z' AND slot < '%3$s 00:00Z'::timestamptz + interval '28 days'
                    GROUP BY tenant_id, slot, operation, plan, grain ORDER BY tenant_id, slot, operation
                    """.formatted(days, grain, month.atDay(1)));
            System.err.println("loaded the sums of four weeks, " + days + " days before");
        }
    }

    private void rollup(String date, int grain, String slot) throws SQLException {
        run("""
                INSERT INTO rollup (slot, calls, units, billable_calls, billable_units, request_bytes, response_bytes,
                    total_micros, late_calls, late_units, key, plan, operation, grain, shard, status, live, tenant_id)
                SELECT date_trunc('%3$s', e.at, 'UTC'), count(*), sum(e.charged), count(*), sum(e.charged), 0, 0, 0, 0, 0,
                    e.key, e.plan, e.operation, %2$d, 0, e.status, true, t.tenant_id
                FROM usage_event e JOIN tenant t ON t.no = e.tenant
                WHERE e.at >= '%1$s 00:00Z' AND e.at < '%1$s 00:00Z'::timestamptz + interval '1 day'
                GROUP BY 1, e.key, e.plan, e.operation, e.status, t.tenant_id
                """.formatted(date, grain, slot));
    }
}
