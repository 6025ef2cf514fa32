package dev.gatehouse.webhooks.endpoint;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.webhooks.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where endpoints are kept. Each call sees the rows of one tenant only. */
public interface EndpointStore {
    /** The same of one world only. */
    EndpointStore in(KeyMode mode);

    /** By age, oldest first. */
    List<Endpoint> all(TenantId tenant);

    /** Those of these saved alerts that the tenant has; an alert is known a second after it was saved. */
    Set<String> knownAlerts(TenantId tenant, List<String> ids);

    Optional<Endpoint> find(TenantId tenant, String id);

    /** @return false when the tenant has {@code most} of that mode already */
    boolean add(Endpoint endpoint, byte[] sealedSecret, int most);

    /**
     * Writes what its owner may change. An endpoint that is enabled anew starts with a clean record.
     *
     * @param endpoint with the version that it was changed from
     * @return false when it has another version by now, and nothing was written
     */
    boolean update(Endpoint endpoint);

    /**
     * @param old with the version that is replaced
     * @param previousUntil until when the old secret signs, too, beside those replaced before whose time is not over; null for
     *     none of them any more
     * @return false when it has another version by now, and nothing was written
     */
    boolean replaceSecret(Endpoint old, Sealed secret, @Nullable Instant previousUntil, Instant now);

    /** How many replaced secrets still sign. */
    int retiredSecrets(TenantId tenant, String id, Instant now);

    /** @param publicKey null when there is none */
    @SuppressWarnings("ArrayRecordComponent") // goes straight into the database, and is compared with nothing
    record Sealed(byte[] secret, @Nullable String publicKey) {}

    /** @return false when it has another version by now, and nothing was done */
    boolean delete(Endpoint old, Instant now);
}
