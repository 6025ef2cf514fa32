package dev.gatehouse.metering.store;

import com.datadoghq.sketch.ddsketch.DDSketch;
import dev.gatehouse.metering.LatencyQuery;
import dev.gatehouse.metering.LatencyQuery.Split;
import dev.gatehouse.metering.UsageQuery.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Merges stored sketches: whole hours from those by the hour, what is left at either end from those by the minute. */
final class LatencyRows {
    private static final String MINUTES = "SELECT slot, operation, sketch FROM latency"
            + " WHERE tenant_id = :tenant AND slot >= :from AND slot < :to";
    private static final String HOURS = "SELECT slot, operation, sketch FROM latency_hour"
            + " WHERE tenant_id = :tenant AND slot >= :from AND slot < :to";

    private final Handle handle;
    private final LatencyQuery query;
    private final Map<Slot, DDSketch> slots =
            new TreeMap<>(Comparator.comparing(Slot::from).thenComparing(Slot::operation));

    /** @param operation empty where operations are not kept apart */
    record Slot(Instant from, String operation) {}

    private LatencyRows(Handle handle, LatencyQuery query) {
        this.handle = handle;
        this.query = query;
    }

    /** @param handle works in schema {@code metering} for the query's tenant */
    static Map<Slot, DDSketch> of(Handle handle, LatencyQuery query) {
        LatencyRows rows = new LatencyRows(handle, query);
        rows.read();
        return rows.slots;
    }

    private void read() {
        Instant from = query.slot(query.from());
        Instant to = query.to();
        Instant hoursTo = Bucket.HOUR.slot(to);
        Instant hoursFrom =
                later(Bucket.HOUR.slot(from.plus(Duration.ofHours(1)).minusNanos(1)), hoursSince());
        if (query.bucket() == Bucket.MINUTE || !hoursFrom.isBefore(hoursTo)) {
            read(MINUTES, from, to);
            return;
        }
        read(MINUTES, from, hoursFrom);
        read(HOURS, hoursFrom, hoursTo);
        read(MINUTES, hoursTo, to);
    }

    private Instant hoursSince() {
        // by epoch, as -infinity has no place in an Instant
        return handle.createQuery("SELECT CASE WHEN isfinite(at) THEN extract(epoch FROM at)::bigint ELSE 0 END"
                        + " FROM latency_hours_since")
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochSecond)
                .orElse(Instant.MAX);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private void read(String sql, Instant from, Instant to) {
        if (!from.isBefore(to)) {
            return;
        }
        handle.createQuery(sql)
                .bind("tenant", query.tenant().value())
                .bind("from", from.atOffset(ZoneOffset.UTC))
                .bind("to", to.atOffset(ZoneOffset.UTC))
                .map((row, context) -> {
                    Instant at = row.getObject("slot", OffsetDateTime.class).toInstant();
                    Slot slot = new Slot(
                            query.slot(at), query.split() == Split.OPERATION ? row.getString("operation") : "");
                    LatencySketches.merge(
                            slots.computeIfAbsent(slot, s -> LatencySketches.empty()), row.getBytes("sketch"));
                    return slot;
                })
                .forEach(slot -> {});
    }
}
