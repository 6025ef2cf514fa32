package dev.gatehouse.bench.crash;

import dev.gatehouse.kernel.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * What a caller saw of one call.
 *
 * @param id what it sent as {@code X-Request-ID}
 * @param tenant null for a call with an unknown key
 * @param sight how much of the answer came
 * @param status of the answer; 0 without one
 * @param refusal the problem's code when the gateway did not let the call in; null otherwise
 */
record CallRecord(
        String id,
        @Nullable TenantId tenant,
        Sight sight,
        int status,
        @Nullable String refusal) {
    enum Sight {
        /** The answer came whole, to its last byte. */
        WHOLE,
        /** The request was sent, and the answer did not come whole. */
        CUT
    }
}
