package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.UsageQuery.Bucket;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a tenant's answers took, in whole minutes.
 *
 * @param from the first instant, taken down to its bucket's or minute's beginning
 * @param to the first instant that is not asked for
 * @param bucket null for the whole time in one
 * @param split of the calls within a bucket
 */
public record LatencyQuery(
        TenantId tenant, Instant from, Instant to, @Nullable Bucket bucket, Split split) {

    /** What calls are kept apart by. */
    public enum Split {
        NONE,
        OPERATION
    }

    /** The beginning of the slot that an instant belongs to. */
    public Instant slot(Instant at) {
        return bucket == null ? Bucket.MINUTE.slot(from) : bucket.slot(at);
    }
}
