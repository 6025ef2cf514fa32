package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.LatencySummary;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.runtime.scope.Aside;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an organisation stands now.
 *
 * @param units taken from today's quota
 * @param failed calls answered with 4xx or 5xx today
 * @param burst units in the bucket now, as far as the last call tells
 * @param calls the last ones, the newest first
 * @param latency of the last hour; null when there was no call in it
 * @param at when this was read
 */
public record Today(
        long units,
        long made,
        long failed,
        long burst,
        Limits limits,
        List<CallRow> calls,
        @Nullable LatencySummary latency,
        Instant at) {

    static Today read(UsageReader usage, Organisation organisation, Instant now) {
        Aside<List<LedgerRow>> calls = Aside.begin(() -> usage.lastCalls(organisation.id(), 8));
        Aside<Optional<LatencySummary>> latency =
                Aside.begin(() -> usage.latencyOfAll(organisation.id(), now.minus(Duration.ofHours(1)), now));
        Instant midnight = Bucket.DAY.slot(now);
        long units = 0;
        long made = 0;
        long failed = 0;
        for (UsageSum sum : usage.sums(new UsageQuery(
                organisation.id(), midnight, now.plusSeconds(1), Bucket.DAY, Set.of(Dimension.STATUS)))) {
            units += sum.units();
            made += sum.calls();
            failed += Objects.requireNonNullElse(sum.status(), 0) >= 400 ? sum.calls() : 0;
        }
        List<LedgerRow> last = calls.get();
        Limits limits = organisation.limits();
        long burst = limits.burst();
        if (!last.isEmpty()) {
            UsageEvent event = last.getFirst().event();
            double seconds = Math.max(0, Duration.between(event.at(), now).toMillis() / 1_000.0);
            double level = event.admission().bucketAfterMilli() / 1_000.0 + seconds * limits.refillPerMinute() / 60.0;
            burst = Math.max(0, Math.min(limits.burst(), (long) level));
        }
        return new Today(
                units,
                made,
                failed,
                burst,
                limits,
                last.stream().map(CallRow::of).toList(),
                latency.get().orElse(null),
                now);
    }

    public double quotaPart() {
        return Math.min(1, (double) units / limits.daily());
    }

    public double burstPart() {
        return (double) burst / limits.burst();
    }

    public double dayPart() {
        return Math.max(
                1e-6,
                Duration.between(Bucket.DAY.slot(at), at).toSeconds()
                        / (double) Duration.ofDays(1).toSeconds());
    }

    /** The part of the quota that is taken at midnight when calls go on as they did today; may be more than all. */
    public double pace() {
        return units / dayPart() / limits.daily();
    }

    public String errorRate() {
        return made == 0 ? "–" : Show.percent((double) failed / made);
    }

    /** A part as a width in a drawing that is 1,000 wide. */
    public static String width(double part) {
        return Long.toString(Math.round(Math.min(1, Math.max(0, part)) * 1_000));
    }
}
