package dev.gatehouse.billing.close;

import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.LedgerRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls of the hours, plans and operations that a line counts. */
final class LineCalls {
    private record Part(Instant hour, String plan, String operation) {}

    /** Reads calls of a time, page by page. */
    @FunctionalInterface
    interface Reading {
        LedgerPage page(Instant from, Instant to, @Nullable String cursor, int limit);
    }

    private final Set<Part> parts = new HashSet<>();
    private @Nullable Instant first;
    private @Nullable Instant last;
    private final Set<String> operations = new HashSet<>();

    LineCalls(List<UsageHour> hours) {
        for (UsageHour hour : hours) {
            parts.add(new Part(hour.hour(), hour.plan(), hour.operation()));
            operations.add(hour.operation());
            first = first == null || hour.hour().isBefore(first) ? hour.hour() : first;
            last = last == null || hour.hour().isAfter(last) ? hour.hour() : last;
        }
    }

    /** The only operation; null when there are several. */
    @Nullable
    String operation() {
        return operations.size() == 1 ? operations.iterator().next() : null;
    }

    LedgerPage page(Reading reading, @Nullable String cursor, int limit) {
        Instant from = first;
        Instant to = last;
        if (from == null || to == null) {
            return new LedgerPage(List.of(), null);
        }
        List<LedgerRow> found = new ArrayList<>();
        String next = cursor;
        do {
            LedgerPage page = reading.page(from, to.plus(1, ChronoUnit.HOURS), next, limit - found.size());
            for (LedgerRow row : page.rows()) {
                Part part = new Part(
                        row.event().at().truncatedTo(ChronoUnit.HOURS),
                        row.event().plan(),
                        row.event().operation());
                if (parts.contains(part)) {
                    found.add(row);
                }
            }
            next = page.next();
        } while (next != null && found.size() < limit);
        return new LedgerPage(found, next);
    }
}
