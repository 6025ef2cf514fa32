package dev.gatehouse.metering.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.metering.LatencySum;
import dev.gatehouse.metering.LatencySummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@link LatencySum} as the usage API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LatencyView(
        Instant from,
        @Nullable String operation,
        long calls,
        double p50Millis,
        double p90Millis,
        double p95Millis,
        double p99Millis,
        double maxMillis) {

    static LatencyView of(LatencySum sum) {
        LatencySummary summary = sum.summary();
        return new LatencyView(
                sum.from(),
                summary.operation().isEmpty() ? null : summary.operation(),
                summary.calls(),
                summary.p50(),
                summary.p90(),
                summary.p95(),
                summary.p99(),
                summary.max());
    }
}
