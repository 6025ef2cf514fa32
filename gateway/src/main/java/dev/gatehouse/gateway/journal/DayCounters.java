package dev.gatehouse.gateway.journal;

import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** What is to be added to the day's counters in Redis: amounts by key and field. Belongs to one thread at a time. */
final class DayCounters {
    private final Map<String, Map<String, long[]>> amounts = new HashMap<>();

    void add(UsageEvent event) {
        LocalDate day = LocalDate.ofInstant(event.at(), ZoneOffset.UTC);
        Map<String, long[]> fields =
                amounts.computeIfAbsent(UsageStreams.counters(event.tenant(), day), k -> new HashMap<>());
        String key = event.key().value();
        plus(fields, "calls", 1);
        plus(fields, "units", event.charged());
        plus(fields, UsageStreams.keyCalls(key), 1);
        plus(fields, UsageStreams.keyUnits(key), event.charged());
        plus(fields, UsageStreams.operationCalls(event.operation()), 1);
        plus(fields, UsageStreams.operationUnits(event.operation()), event.charged());
    }

    private static void plus(Map<String, long[]> fields, String field, long amount) {
        fields.computeIfAbsent(field, f -> new long[1])[0] += amount;
    }

    boolean isEmpty() {
        return amounts.isEmpty();
    }

    Map<String, Map<String, long[]>> amounts() {
        return amounts;
    }
}
