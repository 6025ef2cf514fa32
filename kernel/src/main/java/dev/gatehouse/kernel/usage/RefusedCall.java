package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call of a known caller that was not let in, as its gateway saw it. Refusals are counted in {@link RefusalTally}s; the
 * last ones of each tenant are kept like this too, so that somebody who asks why is told.
 *
 * @param at on the gateway's clock
 * @param clientRequestId what the client called the call itself; null when it did not
 * @param code the problem's code, as in {@code rate_limited}
 * @param detail the problem's detail, as the client got it
 * @param path without its query
 * @param operation null when the path belongs to none
 * @param cost units that the call would have taken; 0 when it belongs to no operation
 * @param retryAfterSeconds as the answer said; below zero when it said nothing
 * @param limits those in force then
 * @param levels what was used, before and after alike; null when the refusal came before anybody looked
 */
public record RefusedCall(
        TenantId tenant,
        KeyId key,
        Instant at,
        String requestId,
        @Nullable String clientRequestId,
        String code,
        int status,
        String detail,
        String method,
        String path,
        @Nullable String operation,
        long cost,
        long retryAfterSeconds,
        Limits limits,
        @Nullable AdmissionRecord levels) {}
