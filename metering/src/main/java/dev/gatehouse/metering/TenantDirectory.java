package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import java.io.IOException;

/** Who is a tenant, by the word of whoever keeps them. A tenant that has once been one stays known. */
@FunctionalInterface
public interface TenantDirectory {
    /** Takes every id for a tenant's: for drills and benches that have no directory. */
    TenantDirectory OPEN = tenant -> true;

    /**
     * Whether there is such a tenant now; never from memory when it says no.
     *
     * @throws IOException when it cannot be asked: the ledger waits then
     */
    boolean isKnown(TenantId tenant) throws IOException;
}
