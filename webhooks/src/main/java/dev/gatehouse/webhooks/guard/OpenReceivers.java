package dev.gatehouse.webhooks.guard;

import dev.gatehouse.kernel.id.TenantId;

/** Addresses of this machine that an operator opened to one tenant's deliveries for a while. */
@FunctionalInterface
public interface OpenReceivers {
    /** Whether the tenant's deliveries may go to this very address now. */
    boolean isOpen(TenantId tenant, int port);

    /** None is open. */
    static OpenReceivers none() {
        return (tenant, port) -> false;
    }
}
