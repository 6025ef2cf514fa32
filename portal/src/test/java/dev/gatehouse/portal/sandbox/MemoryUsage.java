package dev.gatehouse.portal.sandbox;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.LatencyQuery;
import dev.gatehouse.metering.LatencySum;
import dev.gatehouse.metering.LatencySummary;
import dev.gatehouse.metering.LedgerFilter;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.RefusalSum;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A ledger in memory. */
public final class MemoryUsage implements UsageReader {
    private final InstantSource clock;
    private final List<UsageEvent> events = new CopyOnWriteArrayList<>();

    public MemoryUsage(InstantSource clock) {
        this.clock = clock;
    }

    /** Records one call at an instant. */
    public void call(TenantId tenant, KeyId key, String operation, int status, Instant at) {
        boolean billable = status < 400;
        long charged = status >= 500 ? 0 : 1;
        long taken = events.size();
        events.add(new UsageEvent(
                "gw_test.0",
                1,
                events.size() + 1L,
                PrefixedId.next("evt", clock),
                at,
                tenant,
                key,
                KeyMode.LIVE,
                "free",
                "listings",
                "v2",
                operation,
                "GET",
                status,
                Completion.COMPLETE,
                1,
                charged,
                billable,
                0,
                2_048,
                21_000,
                20_000 + taken * 7_919 % 43_000,
                PrefixedId.next("req", clock),
                null,
                "127.0.0.1:9000",
                new AdmissionRecord(60_000, 59_000, taken, taken + 1, false),
                List.of("county"),
                List.of()));
    }

    @Override
    public List<UsageSum> sums(UsageQuery query) {
        Map<String, List<UsageEvent>> groups = new TreeMap<>(of(query.tenant()).stream()
                .filter(event -> !event.at().isBefore(query.bucket().slot(query.from()))
                        && event.at().isBefore(query.to()))
                .collect(Collectors.groupingBy(event -> query.bucket().slot(event.at()) + "|"
                        + query.groupedBy().stream()
                                .sorted()
                                .map(dimension -> text(event, dimension))
                                .collect(Collectors.joining("|")))));
        List<UsageSum> sums = new ArrayList<>();
        for (List<UsageEvent> group : groups.values()) {
            UsageEvent first = group.getFirst();
            sums.add(new UsageSum(
                    query.bucket().slot(first.at()),
                    asked(query, Dimension.KEY, first),
                    asked(query, Dimension.OPERATION, first),
                    asked(query, Dimension.VERSION, first),
                    query.groupedBy().contains(Dimension.STATUS) ? first.status() : null,
                    asked(query, Dimension.PLAN, first),
                    group.size(),
                    group.stream().mapToLong(UsageEvent::charged).sum(),
                    group.stream().filter(UsageEvent::billable).count(),
                    group.stream()
                            .filter(UsageEvent::billable)
                            .mapToLong(UsageEvent::cost)
                            .sum(),
                    BigInteger.ZERO,
                    BigInteger.ZERO,
                    group.stream().mapToLong(UsageEvent::totalMicros).average().orElse(0) / 1_000));
        }
        return sums;
    }

    private static @Nullable String asked(UsageQuery query, Dimension dimension, UsageEvent event) {
        return query.groupedBy().contains(dimension) ? text(event, dimension) : null;
    }

    private static String text(UsageEvent event, Dimension dimension) {
        return switch (dimension) {
            case KEY -> event.key().value();
            case OPERATION -> event.operation();
            case VERSION -> event.version();
            case STATUS -> Integer.toString(event.status());
            case PLAN -> event.plan();
        };
    }

    @Override
    public List<LatencySummary> latency(TenantId tenant, Instant from, Instant to) {
        return of(tenant).stream()
                .collect(Collectors.groupingBy(UsageEvent::operation, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> new LatencySummary(entry.getKey(), entry.getValue(), 31.2, 48.9, 55.0, 61.4, 63.0))
                .toList();
    }

    @Override
    public Optional<LatencySummary> latencyOfAll(TenantId tenant, Instant from, Instant to) {
        long calls =
                of(tenant).stream().filter(event -> !event.at().isBefore(from)).count();
        return calls == 0 ? Optional.empty() : Optional.of(new LatencySummary("", calls, 31.2, 48.9, 55.0, 61.4, 63.0));
    }

    @Override
    public List<LatencySum> latency(LatencyQuery query) {
        return latencyOfAll(query.tenant(), query.from(), query.to()).stream()
                .map(summary -> new LatencySum(query.from(), summary))
                .toList();
    }

    @Override
    public List<RefusalSum> refusals(TenantId tenant, Instant from, Instant to) {
        return List.of();
    }

    @Override
    public List<LedgerRow> lastCalls(TenantId tenant, int limit) {
        return of(tenant).stream()
                .sorted(Comparator.comparing(UsageEvent::at).reversed())
                .limit(limit)
                .map(event -> new LedgerRow(event, false))
                .toList();
    }

    @Override
    public Optional<LedgerRow> call(TenantId tenant, String requestId) {
        return of(tenant).stream()
                .filter(event -> event.requestId().equals(requestId))
                .map(event -> new LedgerRow(event, false))
                .findFirst();
    }

    @Override
    public LedgerPage rows(LedgerFilter filter, @Nullable String cursor, int limit) {
        List<LedgerRow> rows = of(filter.tenant()).stream()
                .filter(event ->
                        !event.at().isBefore(filter.from()) && event.at().isBefore(filter.to()))
                .filter(event -> filter.billable() == null || event.billable() == filter.billable())
                .sorted(Comparator.comparing(UsageEvent::at))
                .map(event -> new LedgerRow(event, false))
                .toList();
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        int to = Math.min(rows.size(), from + limit);
        return new LedgerPage(rows.subList(from, to), to < rows.size() ? Integer.toString(to) : null);
    }

    @Override
    public List<LedgerRow> lateCalls(TenantId tenant, Instant from, Instant to, int limit) {
        return List.of();
    }

    @Override
    public Optional<Instant> completeUntil() {
        return Optional.of(clock.instant().minusSeconds(1));
    }

    private List<UsageEvent> of(TenantId tenant) {
        return events.stream().filter(event -> event.tenant().equals(tenant)).toList();
    }
}
