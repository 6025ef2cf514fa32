package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.RefusedCall;
import java.util.List;
import java.util.Optional;

/**
 * The last calls of a tenant that were not let in, in full. The ledger counts them all; these are kept for a day, at most
 * {@link dev.gatehouse.kernel.usage.UsageStreams#REFUSED_KEPT} of each tenant, and are gone when Redis loses its memory.
 */
public interface RefusedCalls {
    /** @param id the gateway's request id, or the one that the client gave its call */
    Optional<RefusedCall> find(TenantId tenant, String id);

    /** The newest first. */
    List<RefusedCall> last(TenantId tenant, int limit);
}
