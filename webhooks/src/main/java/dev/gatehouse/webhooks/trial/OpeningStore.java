package dev.gatehouse.webhooks.trial;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is open, for every process that delivers. */
public interface OpeningStore {
    /** Those that are open at {@code now}. */
    List<Opening> open(Instant now);

    /** Empty when the port is not open to the tenant at {@code now}. */
    Optional<Opening> find(TenantId tenant, int port, Instant now);

    /** Opens a port, or keeps it open for longer; forgets those that were over before {@code now}. */
    void put(Opening opening, Instant now);

    void remove(TenantId tenant, int port);
}
