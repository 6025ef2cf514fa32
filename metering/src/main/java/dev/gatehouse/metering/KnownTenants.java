package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.ledger.TenantsUnavailableException;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Tenants whose events the ledger takes. Those that were found once, and those that the ledger holds calls of, are not
 * asked for again: a directory that is away holds up the first call of a new tenant only. A no is never remembered. Safe
 * for threads.
 */
final class KnownTenants implements Predicate<TenantId> {
    private final TenantDirectory directory;
    private final Set<TenantId> known = ConcurrentHashMap.newKeySet();

    KnownTenants(TenantDirectory directory, Collection<TenantId> ledgered) {
        this.directory = directory;
        this.known.addAll(ledgered);
    }

    /** @throws TenantsUnavailableException when the directory cannot be asked */
    @Override
    public boolean test(TenantId tenant) {
        if (known.contains(tenant)) {
            return true;
        }
        try {
            if (!directory.isKnown(tenant)) {
                return false;
            }
        } catch (IOException e) {
            throw new TenantsUnavailableException(tenant, e);
        }
        known.add(tenant);
        return true;
    }
}
