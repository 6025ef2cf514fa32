package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageOutcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is to be corrected of an event that was set aside; null leaves a part as it is.
 *
 * @param charged null: what its outcome charges of the corrected cost
 */
public record EventFix(
        @Nullable Instant at,
        @Nullable TenantId tenant,
        @Nullable Long cost,
        @Nullable Long charged) {
    /** Corrects nothing. */
    public static final EventFix NONE = new EventFix(null, null, null, null);

    public UsageEvent apply(UsageEvent event) {
        long newCost = cost == null ? event.cost() : cost;
        return new UsageEvent(
                event.producer(),
                event.epoch(),
                event.seq(),
                event.id(),
                at == null ? event.at() : at,
                tenant == null ? event.tenant() : tenant,
                event.key(),
                event.mode(),
                event.plan(),
                event.service(),
                event.version(),
                event.operation(),
                event.method(),
                event.status(),
                event.completion(),
                newCost,
                charge(event, newCost),
                event.billable(),
                event.requestBytes(),
                event.responseBytes(),
                event.upstreamMicros(),
                event.totalMicros(),
                event.requestId(),
                event.clientRequestId(),
                event.upstream(),
                event.admission(),
                event.parameters(),
                event.fields());
    }

    private long charge(UsageEvent event, long newCost) {
        if (charged != null) {
            return charged;
        }
        return cost == null
                ? event.charged()
                : UsageOutcome.ofAdmitted(event.status(), event.completion()).charged(newCost);
    }
}
