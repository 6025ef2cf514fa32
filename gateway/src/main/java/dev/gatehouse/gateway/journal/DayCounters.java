package dev.gatehouse.gateway.journal;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/** What is to be added to the day's counters in Redis: amounts by key and field. Belongs to one thread at a time. */
final class DayCounters {
    private static final long SECONDS_OF_A_DAY = 86_400;

    /** Whose calls of what; the counters' names are made of it by whoever takes them, off the calls' path. */
    private record Counted(TenantId tenant, KeyId key, String operation, long epochDay) {}

    private static final class Sums {
        private long calls;
        private long units;
    }

    private final Map<Counted, Sums> sums = new HashMap<>();

    void add(UsageEvent event) {
        long day = Math.floorDiv(event.at().getEpochSecond(), SECONDS_OF_A_DAY);
        Sums sum = sums.computeIfAbsent(
                new Counted(event.tenant(), event.key(), event.operation(), day), counted -> new Sums());
        sum.calls++;
        sum.units += event.charged();
    }

    boolean isEmpty() {
        return sums.isEmpty();
    }

    Map<String, Map<String, long[]>> amounts() {
        Map<String, Map<String, long[]>> amounts = new HashMap<>();
        sums.forEach((counted, sum) -> {
            LocalDate day = LocalDate.ofEpochDay(counted.epochDay());
            Map<String, long[]> fields =
                    amounts.computeIfAbsent(UsageStreams.counters(counted.tenant(), day), k -> new HashMap<>());
            String key = counted.key().value();
            plus(fields, "calls", sum.calls);
            plus(fields, "units", sum.units);
            plus(fields, UsageStreams.keyCalls(key), sum.calls);
            plus(fields, UsageStreams.keyUnits(key), sum.units);
            plus(fields, UsageStreams.operationCalls(counted.operation()), sum.calls);
            plus(fields, UsageStreams.operationUnits(counted.operation()), sum.units);
        });
        return amounts;
    }

    private static void plus(Map<String, long[]> fields, String field, long amount) {
        fields.computeIfAbsent(field, f -> new long[1])[0] += amount;
    }
}
