package dev.gatehouse.metering.audit;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.audit.CounterLedger.Counted;
import dev.gatehouse.metering.audit.Reconciliation.SequenceRow;
import dev.gatehouse.metering.audit.Reconciliation.TenantRow;
import dev.gatehouse.metering.ledger.Sequence;
import dev.gatehouse.metering.ledger.Series;
import dev.gatehouse.metering.store.LedgerCounts;
import dev.gatehouse.metering.store.LedgerCounts.DayCount;
import dev.gatehouse.runtime.redis.Redis;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Compares what each stage knows of the same calls: sequences, ledger, rollups, streams, and the counters in Redis. */
public final class Reconciler {
    private static final int COUNTER_DAYS = 3;

    private final LedgerCounts counts;
    private final CounterLedger counters;
    private final BiPredicate<Sequence, Long> held;
    private final InstantSource clock;

    /** @param held whether the ledger holds a number */
    public Reconciler(
            LedgerCounts counts, Redis redis, int shards, BiPredicate<Sequence, Long> held, InstantSource clock) {
        this.counts = counts;
        this.counters = new CounterLedger(redis, shards);
        this.held = held;
        this.clock = clock;
    }

    /** Compares, and changes nothing. */
    public Reconciliation compare(Optional<TenantId> tenant, LocalDate first, LocalDate last) {
        List<Finding> findings = new ArrayList<>();
        Map<TenantId, Map<LocalDate, Long>> streamed = counters.streamed(held);
        List<TenantRow> tenants = new ArrayList<>();
        for (DayCount day : counts.days(tenant, first, last)) {
            tenants.add(compare(day, streamed.getOrDefault(day.tenant(), Map.of()), findings));
        }
        return new Reconciliation(sequences(findings), tenants, findings, 0);
    }

    /** Compares, sets the counters that differ to the ledger's figures, and compares again. */
    public Reconciliation repair(Optional<TenantId> tenant, LocalDate first, LocalDate last) {
        int repaired = 0;
        for (TenantRow row : compare(tenant, first, last).tenants()) {
            if (row.counted() >= 0 && (row.counted() != row.ledgerCalls() || row.countedUnits() != row.ledgerUnits())
                    || row.counted() < 0 && hasCounters(row.day())) {
                TenantId owner = new TenantId(row.tenant());
                repaired += counters.repair(owner, row.day(), counts.split(owner, row.day()));
            }
        }
        Reconciliation after = compare(tenant, first, last);
        return new Reconciliation(after.sequences(), after.tenants(), after.findings(), repaired);
    }

    private TenantRow compare(DayCount day, Map<LocalDate, Long> streamed, List<Finding> findings) {
        String where = day.tenant() + " on " + day.day();
        if (day.calls() != day.rollupCalls() || day.units() != day.rollupUnits()) {
            findings.add(new Finding(
                    where,
                    "the ledger holds " + day.calls() + " calls and " + day.units() + " units, its rollup says "
                            + day.rollupCalls() + " and " + day.rollupUnits()));
        }
        long waiting = streamed.getOrDefault(day.day(), 0L);
        @Nullable Counted counted = hasCounters(day.day()) ? counters.counted(day.tenant(), day.day()) : null;
        if (hasCounters(day.day())) {
            if (counted == null) {
                findings.add(new Finding(where, "Redis has no counters, the ledger holds " + day.calls() + " calls"));
            } else if (counted.calls() != day.calls() + waiting) {
                findings.add(new Finding(
                        where,
                        "Redis counts " + counted.calls() + " calls, the ledger holds " + day.calls()
                                + " and the streams " + waiting));
            } else if (waiting == 0 && counted.units() != day.units()) {
                findings.add(new Finding(
                        where, "Redis counts " + counted.units() + " units, the ledger holds " + day.units()));
            }
        }
        return new TenantRow(
                day.tenant().value(),
                day.day(),
                day.calls(),
                day.units(),
                day.rollupCalls(),
                day.rollupUnits(),
                waiting,
                counted == null ? -1 : counted.calls(),
                counted == null ? -1 : counted.units());
    }

    private boolean hasCounters(LocalDate day) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return day.isAfter(today.minusDays(COUNTER_DAYS));
    }

    private List<SequenceRow> sequences(List<Finding> findings) {
        List<SequenceRow> shown = new ArrayList<>();
        Map<String, Long> newest = new HashMap<>();
        List<SequenceRow> all = withJournals(counts.sequences(), counters.journaled());
        all.forEach(row -> newest.merge(row.producer(), row.epoch(), Math::max));
        for (SequenceRow row : all) {
            if (row.inFlight() > 0 || row.gaps() > 0 || row.setAside() > 0 || !row.over()) {
                shown.add(row);
            }
            boolean dead = row.over() || row.epoch() < newest.getOrDefault(row.producer(), 0L);
            if (row.inFlight() > 0 && dead) {
                findings.add(new Finding(
                        row.producer() + " epoch " + row.epoch() + " " + row.series(),
                        row.inFlight() + " of " + Math.max(row.journaled(), row.highest())
                                + " numbers are neither in the ledger nor declared lost"));
            }
        }
        return shown;
    }

    /** Adds what gateways say they have written down; of some sequences the ledger may know nothing yet. */
    private static List<SequenceRow> withJournals(List<SequenceRow> ledgered, Map<Sequence, Long> journaled) {
        Map<Sequence, Long> unseen = new TreeMap<>(journaled);
        List<SequenceRow> all = new ArrayList<>();
        for (SequenceRow row : ledgered) {
            Series series = row.series().equals("usage") ? Series.USAGE : Series.REFUSALS;
            Long last = unseen.remove(new Sequence(row.producer(), row.epoch(), series));
            all.add(last == null ? row : row.journaledTo(last));
        }
        unseen.forEach((sequence, last) -> all.add(SequenceRow.unseen(
                sequence.producer(),
                sequence.epoch(),
                sequence.series() == Series.USAGE ? "usage" : "refusals",
                last)));
        return all;
    }
}
