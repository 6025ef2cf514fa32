package dev.gatehouse.webhooks.endpoint;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where endpoints are kept. Each call sees the rows of one tenant only. */
public interface EndpointStore {
    /** By age, oldest first. */
    List<Endpoint> all(TenantId tenant);

    /** Those of these saved alerts that the tenant has; an alert is known a second after it was saved. */
    Set<String> knownAlerts(TenantId tenant, List<String> ids);

    Optional<Endpoint> find(TenantId tenant, String id);

    /** @return false when the tenant has {@code most} already */
    boolean add(Endpoint endpoint, byte[] sealedSecret, int most);

    /** Writes what its owner may change. An endpoint that is enabled anew starts with a clean record. */
    void update(Endpoint endpoint);

    /** @param previousUntil until when the old secret signs, too; null for not at all */
    void replaceSecret(TenantId tenant, String id, Sealed secret, @Nullable Instant previousUntil, Instant now);

    /** @param publicKey null when there is none */
    @SuppressWarnings("ArrayRecordComponent") // goes straight into the database, and is compared with nothing
    record Sealed(byte[] secret, @Nullable String publicKey) {}

    void delete(TenantId tenant, String id, Instant now);
}
