package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which calls: those behind an invoice's line are a tenant's billable ones of a period, plan and operation.
 *
 * @param from the first instant
 * @param to the first instant that is not asked for
 * @param operation null for all
 * @param key a key's id; null for all
 * @param plan null for all
 * @param billable true for billable ones, false for the others, null for all
 */
public record LedgerFilter(
        TenantId tenant,
        Instant from,
        Instant to,
        @Nullable String operation,
        @Nullable String key,
        @Nullable String plan,
        @Nullable Boolean billable) {

    /** All calls of a tenant in a time. */
    public static LedgerFilter all(TenantId tenant, Instant from, Instant to) {
        return new LedgerFilter(tenant, from, to, null, null, null, null);
    }
}
