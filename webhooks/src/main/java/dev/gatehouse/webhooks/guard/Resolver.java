package dev.gatehouse.webhooks.guard;

import dev.gatehouse.kernel.id.TenantId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. */
@FunctionalInterface
public interface Resolver {
    /** Every address of the host, at least one. */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /**
     * The same for a delivery of a tenant, who may have only so many lookups under way.
     *
     * @throws LookupFailedException when it is not known whether the host has an address: no fault of the host's
     */
    default List<InetAddress> resolve(TenantId tenant, String host) throws UnknownHostException, LookupFailedException {
        return resolve(host);
    }

    /** As the machine resolves names; holds a thread for as long as a name server is silent. */
    static Resolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
