package dev.gatehouse.metering.accesslog;

import dev.gatehouse.metering.accesslog.LogCount.Hour;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A log's calls beside the ledger's of the same hours.
 *
 * @param rows one per tenant
 * @param differences hours that do not agree, in order
 */
public record LogComparison(List<Row> rows, List<Difference> differences) {
    public LogComparison {
        rows = List.copyOf(rows);
        differences = List.copyOf(differences);
    }

    /** A tenant's sums. */
    public record Row(String tenant, Hour log, Hour ledger) {}

    /** An hour of a tenant in which log and ledger count differently. */
    public record Difference(String tenant, Instant hour, Hour log, Hour ledger) {}

    /** Whether every hour agrees. */
    public boolean agrees() {
        return differences.isEmpty();
    }

    /**
     * Compares hour by hour. A log begins and ends somewhere within an hour: in its first and its last one the ledger may
     * hold more.
     *
     * @param log by tenant and hour
     * @param ledger by tenant and hour, of the log's hours
     * @param first the log's earliest call
     * @param last the log's latest call
     */
    public static LogComparison of(
            Map<String, ? extends Map<Instant, Hour>> log,
            Map<String, ? extends Map<Instant, Hour>> ledger,
            Instant first,
            Instant last) {
        Set<Instant> edges = Set.copyOf(
                new TreeSet<>(List.of(first.truncatedTo(ChronoUnit.HOURS), last.truncatedTo(ChronoUnit.HOURS))));
        Set<String> tenants = new TreeSet<>(log.keySet());
        tenants.addAll(ledger.keySet());
        List<Row> rows = new ArrayList<>();
        List<Difference> differences = new ArrayList<>();
        for (String tenant : tenants) {
            Map<Instant, Hour> logged = new TreeMap<>(log.containsKey(tenant) ? log.get(tenant) : Map.of());
            Map<Instant, Hour> ledgered = new TreeMap<>(ledger.containsKey(tenant) ? ledger.get(tenant) : Map.of());
            Set<Instant> hours = new TreeSet<>(logged.keySet());
            hours.addAll(ledgered.keySet());
            Hour nothing = new Hour(0, 0);
            Hour logSum = nothing;
            Hour ledgerSum = nothing;
            for (Instant hour : hours) {
                Hour one = logged.getOrDefault(hour, nothing);
                Hour other = ledgered.getOrDefault(hour, nothing);
                logSum = logSum.plus(one);
                ledgerSum = ledgerSum.plus(other);
                boolean agree = edges.contains(hour) ? one.calls() <= other.calls() : one.calls() == other.calls();
                if (!agree) {
                    differences.add(new Difference(tenant, hour, one, other));
                }
            }
            rows.add(new Row(tenant, logSum, ledgerSum));
        }
        return new LogComparison(rows, differences);
    }
}
