package dev.gatehouse.bench.crash;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.LedgerFilter;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringOperations;
import dev.gatehouse.metering.RefusalSum;
import dev.gatehouse.metering.audit.Reconciliation;
import dev.gatehouse.metering.audit.Reconciliation.SequenceRow;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Matches what callers saw with what the ledger holds, by request id, and asks for every invariant. */
final class Judge {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PAGE = 10_000;
    private static final int FAULTS_SHOWN = 12;

    private final MeteringModule metering;
    private final MeteringOperations operations;
    private final Redis redis;
    private final CrashDirectory directory;
    private final Instant from;
    private final List<String> faults = new ArrayList<>();

    /** @param from before the first call */
    Judge(MeteringModule metering, Redis redis, CrashDirectory directory, Instant from) {
        this.metering = metering;
        this.operations = metering.operations(redis);
        this.redis = redis;
        this.directory = directory;
        this.from = from;
    }

    /** Waits until nothing is in flight and every stage agrees; what does not agree in time is a fault. */
    void awaitRest() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<String> open = open();
            if (open.isEmpty()) {
                return;
            }
            if (System.nanoTime() > end) {
                open.forEach(what -> fault("after " + PATIENCE.toSeconds() + " s: " + what));
                return;
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private List<String> open() {
        List<String> open = new ArrayList<>();
        try {
            LocalDate first = LocalDate.ofInstant(from, ZoneOffset.UTC);
            Reconciliation found = operations.reconcile(Optional.empty(), first, first.plusDays(1));
            found.findings().forEach(finding -> open.add(finding.where() + ": " + finding.what()));
            for (SequenceRow row : found.sequences()) {
                if (row.inFlight() > 0) {
                    open.add(row.producer() + " epoch " + row.epoch() + " " + row.series() + ": " + row.inFlight()
                            + " numbers are in flight");
                }
            }
            quota(directory.wide.tenant(), found, open);
            quota(directory.narrow.tenant(), found, open);
        } catch (RuntimeException e) {
            open.add("the ledger cannot be compared: " + e);
        }
        return open;
    }

    /** Redis may forget; a tenant must not have its day's quota twice for that. */
    private void quota(TenantId tenant, Reconciliation found, List<String> open) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        long ledgered = found.tenants().stream()
                .filter(row -> row.tenant().equals(tenant.value()) && row.day().equals(today))
                .mapToLong(Reconciliation.TenantRow::ledgerUnits)
                .sum();
        try (StatefulRedisConnection<String, byte[]> connection = redis.connectBytes()) {
            byte[] levels = connection.sync().get(UsageStreams.levels(tenant));
            ByteBuffer numbers = levels == null
                    ? ByteBuffer.allocate(4 * Double.BYTES)
                    : ByteBuffer.wrap(levels).order(ByteOrder.LITTLE_ENDIAN);
            long used = numbers.getDouble(3 * Double.BYTES) == today.toEpochDay()
                    ? Math.round(numbers.getDouble(2 * Double.BYTES))
                    : 0;
            if (used < ledgered) {
                open.add(name(tenant) + " used " + ledgered + " units today, and Redis knows of " + used);
            }
        }
    }

    Verdict judge(Drill drill, Collection<CallRecord> calls, Stage stage, long millis) throws SQLException {
        tried(drill, stage);
        List<UsageEvent> events = new ArrayList<>();
        read(directory.wide.tenant(), events);
        read(directory.narrow.tenant(), events);
        long gap = gap();
        Map<String, Long> counted = refusalsCounted();
        long noRoom = Matching.noRoom(counted);
        if (!drill.isJournalNarrow() && gap + noRoom > 0) {
            fault(gap + " calls and " + noRoom + " refusals are declared lost, and every journal had room");
        }
        if (drill.isJournalNarrow() && gap == 0) {
            fault("no journal ran full: nothing was tried");
        }
        Matching matching = Matching.of(calls, events, gap, this::fault);
        long refusals = Matching.refusals(calls, counted, call -> name(call.tenant()), this::fault);
        operations.verify().findings().forEach(finding -> fault(finding.where() + ": " + finding.what()));
        long refused = calls.stream().filter(call -> call.refusal() != null).count();
        return new Verdict(drill, matching, gap, refused, refusals, stage.deaths(), millis, faults);
    }

    /** Whether what was to happen did; a drill in which nothing was tried proves nothing. */
    private void tried(Drill drill, Stage stage) {
        drill.points().forEach((process, point) -> {
            if (!stage.diedAtTheirPoints().contains(process) && !mayLackLease(drill, process)) {
                fault(process + " never reached " + point);
            }
        });
        for (Blow blow : drill.blows()) {
            if (blow.what() == Blow.What.KILL && !stage.deaths().containsKey(blow.to())) {
                fault(blow.to() + " did not die");
            }
        }
        if (drill.movesLeases() && stage.leases() <= UsageStreams.DEFAULT_SHARDS) {
            fault("no lease has passed on");
        }
    }

    /** By chance a writer is killed before its point, and finds every lease with the other when it is back. */
    private static boolean mayLackLease(Drill drill, String process) {
        return drill.isBySeed()
                && process.startsWith("writer")
                && drill.blows().stream()
                        .anyMatch(blow -> blow.to().equals(process)
                                || blow.to().equals("postgres")
                                || blow.what() == Blow.What.CUT);
    }

    private void read(TenantId tenant, List<UsageEvent> events) {
        String cursor = null;
        do {
            LedgerPage page =
                    metering.reader().rows(LedgerFilter.all(tenant, from, from.plus(Duration.ofDays(1))), cursor, PAGE);
            page.rows().forEach(row -> events.add(row.event()));
            cursor = page.next();
        } while (cursor != null);
    }

    private long gap() {
        LocalDate first = LocalDate.ofInstant(from, ZoneOffset.UTC);
        return operations.reconcile(Optional.empty(), first, first).sequences().stream()
                .filter(row -> row.series().equals("usage"))
                .mapToLong(SequenceRow::gaps)
                .sum();
    }

    private Map<String, Long> refusalsCounted() {
        Map<String, Long> counted = new TreeMap<>();
        Instant to = from.plus(Duration.ofDays(1));
        Instant hour = Instant.ofEpochSecond(from.getEpochSecond() / 3_600 * 3_600);
        for (TenantId tenant : List.of(directory.wide.tenant(), directory.narrow.tenant())) {
            for (RefusalSum sum : metering.reader().refusals(tenant, hour, to)) {
                counted.merge(name(tenant) + " " + sum.code(), sum.count(), Long::sum);
            }
        }
        operations.strangers(hour, to).forEach((code, count) -> counted.merge("nobody " + code, count, Long::sum));
        return counted;
    }

    private String name(@Nullable TenantId tenant) {
        if (tenant == null) {
            return "nobody";
        }
        return tenant.equals(directory.wide.tenant()) ? "wide" : "narrow";
    }

    private void fault(String what) {
        if (faults.size() < FAULTS_SHOWN) {
            faults.add(what);
        } else if (faults.size() == FAULTS_SHOWN) {
            faults.add("… and more");
        }
    }
}
