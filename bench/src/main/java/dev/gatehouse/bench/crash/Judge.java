package dev.gatehouse.bench.crash;

import dev.gatehouse.bench.crash.CallRecord.Sight;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.RefusalTally;
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
import java.util.HashMap;
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
    private long twice;

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
        Map<String, UsageEvent> events = new HashMap<>();
        read(directory.wide.tenant(), events);
        read(directory.narrow.tenant(), events);
        drill.points().forEach((process, point) -> {
            if (!stage.diedAtTheirPoints().contains(process)) {
                fault(process + " never reached " + point);
            }
        });
        long gap = gap();
        if (gap > 0 && !drill.isJournalNarrow()) {
            fault(gap + " numbers are declared lost, and every journal had room");
        }
        long whole = 0;
        long once = 0;
        long missing = 0;
        long cutUnseen = 0;
        for (CallRecord call : calls) {
            if (call.refusal() != null) {
                if (events.containsKey(call.id())) {
                    fault(call.id() + " was refused and is in the ledger");
                }
                continue;
            }
            UsageEvent event = events.remove(call.id());
            if (call.sight() == Sight.CUT) {
                if (event == null) {
                    cutUnseen++;
                } else {
                    cut(event);
                }
                continue;
            }
            whole++;
            if (event == null) {
                missing++;
                if (gap == 0) {
                    fault(call.id() + " was answered " + call.status() + " whole and is not in the ledger");
                }
            } else {
                once++;
                whole(call, event);
            }
        }
        if (missing > gap || gap > missing + cutUnseen) {
            fault(missing + " whole answers are missing, " + gap + " are declared lost");
        }
        events.values().forEach(event -> fault(event.clientRequestId() + " is in the ledger and nobody sent it"));
        long refusals = refusals(drill, calls);
        operations.verify().findings().forEach(finding -> fault(finding.where() + ": " + finding.what()));
        long refused = calls.stream().filter(call -> call.refusal() != null).count();
        long cut = calls.stream().filter(call -> call.sight() == Sight.CUT).count() - cutUnseen;
        return new Verdict(
                drill, whole, once, cut, twice + events.size(), gap, refused, refusals, stage.deaths(), millis, faults);
    }

    private void whole(CallRecord call, UsageEvent event) {
        if (event.status() != call.status()) {
            fault(call.id() + " was answered " + call.status() + ", the ledger says " + event.status());
        }
        boolean success = call.status() == 200 && event.completion() == Completion.COMPLETE;
        if (event.billable() != success) {
            fault(call.id() + " answered " + call.status() + " and " + event.completion() + " is"
                    + (event.billable() ? "" : " not") + " billable");
        }
    }

    private void cut(UsageEvent event) {
        // callers wait for every answer, so only a gateway's death can have cut it
        if (event.completion() != Completion.UNKNOWN || event.billable()) {
            fault(event.clientRequestId() + " was cut and is " + event.completion() + " in the ledger"
                    + (event.billable() ? ", and billed" : ""));
        }
    }

    private void read(TenantId tenant, Map<String, UsageEvent> events) {
        String cursor = null;
        do {
            LedgerPage page =
                    metering.reader().rows(LedgerFilter.all(tenant, from, from.plus(Duration.ofDays(1))), cursor, PAGE);
            page.rows().forEach(row -> {
                UsageEvent event = row.event();
                if (events.put(String.valueOf(event.clientRequestId()), event) != null) {
                    twice++;
                    fault(event.clientRequestId() + " is in the ledger twice");
                }
            });
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

    /**
     * The ledger counts every refusal that was answered whole, and of those that were cut at most all. What found no room
     * in a journal made to run full is counted by nothing but its number.
     */
    private long refusals(Drill drill, Collection<CallRecord> calls) {
        Map<String, Long> seen = new TreeMap<>();
        Map<String, Long> cut = new TreeMap<>();
        for (CallRecord call : calls) {
            String tenant = name(call.tenant());
            if (call.refusal() != null) {
                seen.merge(tenant + " " + call.refusal(), 1L, Long::sum);
            } else if (call.sight() == Sight.CUT) {
                cut.merge(tenant, 1L, Long::sum);
            }
        }
        Map<String, Long> counted = refusalsCounted();
        long noRoom = Optional.ofNullable(counted.remove("nobody " + RefusalTally.NO_ROOM))
                .orElse(0L);
        if (noRoom > 0 && !drill.isJournalNarrow()) {
            fault(noRoom + " refusals found no room, and every journal had room");
        }
        long lacking = 0;
        TreeMap<String, Long> all = new TreeMap<>(counted);
        seen.keySet().forEach(key -> all.putIfAbsent(key, 0L));
        for (String key : all.keySet()) {
            long ledger = counted.getOrDefault(key, 0L);
            long answered = seen.getOrDefault(key, 0L);
            long most = answered + cut.getOrDefault(key.substring(0, key.indexOf(' ')), 0L);
            lacking += Math.max(0, answered - ledger);
            if (ledger < answered && noRoom == 0 || ledger > most) {
                fault("refusals of " + key + ": callers saw " + answered + " to " + most + ", the ledger counts "
                        + ledger);
            }
        }
        long cuts = cut.values().stream().mapToLong(Long::longValue).sum();
        if (noRoom < lacking || noRoom > lacking + cuts) {
            fault(lacking + " refusals are missing, " + noRoom + " found no room");
        }
        return noRoom + counted.values().stream().mapToLong(Long::longValue).sum();
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
