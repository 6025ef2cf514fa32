package dev.gatehouse.metering.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.metering.LatencySum;
import dev.gatehouse.metering.LatencySummary;
import java.math.BigDecimal;
import java.math.MathContext;
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

    private static final MathContext DIGITS = new MathContext(4);

    static LatencyView of(LatencySum sum) {
        LatencySummary summary = sum.summary();
        return new LatencyView(
                sum.from(),
                summary.operation().isEmpty() ? null : summary.operation(),
                summary.calls(),
                shown(summary.p50()),
                shown(summary.p90()),
                shown(summary.p95()),
                shown(summary.p99()),
                shown(summary.max()));
    }

    /** A sketch is accurate to 1 %: more digits say nothing. */
    private static double shown(double millis) {
        return new BigDecimal(millis).round(DIGITS).doubleValue();
    }
}
