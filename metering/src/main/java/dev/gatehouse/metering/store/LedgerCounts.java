package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.HourCount;
import dev.gatehouse.metering.audit.Reconciliation.SequenceRow;
import dev.gatehouse.metering.ledger.SequenceRanges;
import dev.gatehouse.runtime.sql.Database;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Counts the ledger from two sides: its rows and its sums. */
public final class LedgerCounts {
    private final Database database;

    /** @param database opened on schema {@code ledger} */
    public LedgerCounts(Database database) {
        this.database = database;
    }

    /** A tenant's day by rows and by rollup. */
    public record DayCount(
            TenantId tenant, LocalDate day, long calls, long units, long rollupCalls, long rollupUnits) {}

    /** Calls, units and their split on one day. */
    public record Split(String key, String operation, long calls, long units) {}

    /** A tenant's calls and units on one day by key and operation. */
    public record TenantSplit(TenantId tenant, String key, String operation, long calls, long units) {}

    /** Every tenant of whom the ledger has taken a call or a refusal. */
    public List<TenantId> tenants() {
        return database.asSystem((Handle handle) -> handle.createQuery("SELECT tenant_id FROM tenant")
                .map((row, context) -> new TenantId(row.getString(1)))
                .list());
    }

    /** Every tenant's day by key and operation, from the rollups. */
    public List<TenantSplit> splits(LocalDate day) {
        return database.asSystem((Handle handle) -> handle.createQuery("""
                        SELECT r.tenant_id, k.text AS key, o.operation, sum(r.calls) AS calls, sum(r.units) AS units
                        FROM rollup r JOIN name k ON k.no = r.key JOIN operation o ON o.no = r.operation
                        WHERE r.grain = 3 AND r.slot = :day::date::timestamp AT TIME ZONE 'UTC'
                        GROUP BY 1, 2, 3
                        """)
                .bind("day", day)
                .map((row, context) -> new TenantSplit(
                        new TenantId(row.getString("tenant_id")),
                        row.getString("key"),
                        row.getString("operation"),
                        row.getLong("calls"),
                        row.getLong("units")))
                .list());
    }

    /** Every tenant's days in a span, the last included. */
    public List<DayCount> days(Optional<TenantId> tenant, LocalDate first, LocalDate last) {
        return database.asSystem((Handle handle) -> handle.createQuery("""
                        WITH raw AS (
                            SELECT t.tenant_id, (e.at AT TIME ZONE 'UTC')::date AS day, count(*) AS calls, sum(e.charged) AS units
                            FROM usage_event e JOIN tenant t ON t.no = e.tenant
                            WHERE e.at >= :first::date::timestamp AT TIME ZONE 'UTC' AND e.at < (:last::date + 1)::timestamp AT TIME ZONE 'UTC'
                                AND (:tenant::text IS NULL OR t.tenant_id = :tenant)
                            GROUP BY 1, 2),
                        sums AS (
                            SELECT tenant_id, (slot AT TIME ZONE 'UTC')::date AS day, sum(calls) AS calls, sum(units) AS units
                            FROM rollup
                            WHERE grain = 3 AND slot >= :first::date::timestamp AT TIME ZONE 'UTC'
                                AND slot < (:last::date + 1)::timestamp AT TIME ZONE 'UTC'
                                AND (:tenant::text IS NULL OR tenant_id = :tenant)
                            GROUP BY 1, 2)
                        SELECT tenant_id, day, coalesce(raw.calls, 0) AS calls, coalesce(raw.units, 0) AS units,
                            coalesce(sums.calls, 0) AS rollup_calls, coalesce(sums.units, 0) AS rollup_units
                        FROM raw FULL JOIN sums USING (tenant_id, day) ORDER BY tenant_id, day
                        """)
                .bind("tenant", tenant.map(TenantId::value).orElse(null))
                .bind("first", first)
                .bind("last", last)
                .map((row, context) -> new DayCount(
                        new TenantId(row.getString("tenant_id")),
                        row.getObject("day", LocalDate.class),
                        row.getLong("calls"),
                        row.getLong("units"),
                        row.getLong("rollup_calls"),
                        row.getLong("rollup_units")))
                .list());
    }

    /** A tenant's day by key and operation, from the rollups. */
    public List<Split> split(TenantId tenant, LocalDate day) {
        return database.asSystem((Handle handle) -> handle.createQuery("""
                        SELECT k.text AS key, o.operation, sum(r.calls) AS calls, sum(r.units) AS units
                        FROM rollup r JOIN name k ON k.no = r.key JOIN operation o ON o.no = r.operation
                        WHERE r.grain = 3 AND r.tenant_id = :tenant AND r.slot = :day::date::timestamp AT TIME ZONE 'UTC'
                        GROUP BY 1, 2
                        """)
                .bind("tenant", tenant.value())
                .bind("day", day)
                .map((row, context) -> new Split(
                        row.getString("key"), row.getString("operation"), row.getLong("calls"), row.getLong("units")))
                .list());
    }

    /** Calls and refusals of every tenant by hour, from the rollups. */
    public List<HourCount> hours(Instant from, Instant to) {
        return database.asSystem((Handle handle) -> handle.createQuery("""
                        SELECT tenant_id, slot, sum(calls) AS calls, sum(refusals) AS refusals FROM (
                            SELECT tenant_id, slot, calls, 0 AS refusals FROM rollup
                            WHERE grain = 2 AND slot >= :from AND slot < :to
                            UNION ALL
                            SELECT tenant_id, slot, 0, count FROM refusal_hour WHERE slot >= :from AND slot < :to) AS both_kinds
                        GROUP BY tenant_id, slot ORDER BY tenant_id, slot
                        """)
                .bind("from", from.atOffset(ZoneOffset.UTC))
                .bind("to", to.atOffset(ZoneOffset.UTC))
                .map((row, context) -> new HourCount(
                        new TenantId(row.getString("tenant_id")),
                        row.getObject("slot", OffsetDateTime.class).toInstant(),
                        row.getLong("calls"),
                        row.getLong("refusals")))
                .list());
    }

    /** Refusals of nobody in particular by code. */
    public Map<String, Long> strangers(Instant from, Instant to) {
        return database.asSystem((Handle handle) -> handle.createQuery("""
                        SELECT c.text, sum(r.count) FROM refusal r JOIN name c ON c.no = r.code
                        WHERE r.tenant IS NULL AND r.second >= :from AND r.second < :to GROUP BY c.text
                        """)
                .bind("from", from.atOffset(ZoneOffset.UTC))
                .bind("to", to.atOffset(ZoneOffset.UTC))
                .reduceRows(new TreeMap<String, Long>(), (sums, row) -> {
                    sums.put(row.getColumn(1, String.class), row.getColumn(2, Long.class));
                    return sums;
                }));
    }

    /** Every sequence. */
    public List<SequenceRow> sequences() {
        return database.asSystem((Handle handle) -> handle.createQuery("""
                        SELECT n.text AS producer, c.epoch, c.series::text, c.held::text, c.gaps::text, c.last_seq,
                            (SELECT count(*) FROM dead_letter d WHERE d.producer = n.text AND d.epoch = c.epoch
                                AND c.series = 'u' AND d.replayed_at IS NULL) AS set_aside
                        FROM committed c JOIN name n ON n.no = c.producer ORDER BY n.text, c.epoch, c.series
                        """)
                .map((row, context) -> {
                    SequenceRanges held = SequenceRanges.parse(row.getString("held"));
                    SequenceRanges gaps = SequenceRanges.parse(row.getString("gaps"));
                    SequenceRanges all = held.copy();
                    all.addAll(gaps);
                    long last = row.getLong("last_seq");
                    boolean over = !row.wasNull();
                    long highest = Math.max(all.highest(), over ? last : 0);
                    return new SequenceRow(
                            row.getString("producer"),
                            row.getLong("epoch"),
                            row.getString("series").equals("u") ? "usage" : "refusals",
                            -1,
                            highest,
                            held.size(),
                            row.getLong("set_aside"),
                            all.size() - held.size(),
                            highest - all.size(),
                            over);
                })
                .list());
    }
}
