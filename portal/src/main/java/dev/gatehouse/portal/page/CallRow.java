package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.LedgerRow;
import java.time.Instant;

/** A call in a table. */
public record CallRow(
        Instant at,
        String requestId,
        String method,
        String operation,
        int status,
        String millis,
        long units,
        String key) {
    static CallRow of(LedgerRow row) {
        UsageEvent event = row.event();
        return new CallRow(
                event.at(),
                event.requestId(),
                event.method(),
                event.operation(),
                event.status(),
                Show.decimal(event.totalMicros() / 1_000.0),
                event.charged(),
                event.key().value());
    }

    /** {@code ok}, {@code warn} or {@code bad}. */
    public String tone() {
        return status >= 500 ? "bad" : status >= 400 ? "warn" : "ok";
    }
}
