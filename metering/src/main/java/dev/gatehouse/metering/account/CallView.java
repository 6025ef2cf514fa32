package dev.gatehouse.metering.account;

import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.LedgerRow;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A call as its tenant sees it; bucket levels in units. */
record CallView(
        String id,
        Instant at,
        String requestId,
        @Nullable String clientRequestId,
        String key,
        String operation,
        String version,
        String method,
        int status,
        String completion,
        long cost,
        long charged,
        boolean billable,
        boolean late,
        long requestBytes,
        long responseBytes,
        double totalMillis,
        double upstreamMillis,
        double bucketBefore,
        double bucketAfter,
        long quotaUsedBefore,
        long quotaUsedAfter,
        List<String> parameters,
        List<String> fields) {

    static CallView of(LedgerRow row) {
        UsageEvent event = row.event();
        return new CallView(
                event.id(),
                event.at(),
                event.requestId(),
                event.clientRequestId(),
                event.key().value(),
                event.operation(),
                event.version(),
                event.method(),
                event.status(),
                event.completion().name().toLowerCase(Locale.ROOT),
                event.cost(),
                event.charged(),
                event.billable(),
                row.late(),
                event.requestBytes(),
                event.responseBytes(),
                event.totalMicros() / 1_000.0,
                event.upstreamMicros() / 1_000.0,
                event.admission().bucketBeforeMilli() / 1_000.0,
                event.admission().bucketAfterMilli() / 1_000.0,
                event.admission().quotaUsedBefore(),
                event.admission().quotaUsedAfter(),
                event.parameters(),
                event.fields());
    }
}
