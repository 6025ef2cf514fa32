package dev.gatehouse.portal.trial;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import java.util.Optional;

/** Keeps one test key an organisation, sealed. */
public interface TrialKeyStore {
    /** @param sealed the key's text, encrypted */
    @SuppressWarnings("ArrayRecordComponent")
    record Kept(KeyId key, byte[] sealed) {}

    Optional<Kept> find(TenantId tenant);

    /** Replaces the one there is. */
    void keep(TenantId tenant, Kept kept);
}
