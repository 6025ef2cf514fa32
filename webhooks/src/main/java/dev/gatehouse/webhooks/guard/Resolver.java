package dev.gatehouse.webhooks.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. */
@FunctionalInterface
public interface Resolver {
    /** Every address of the host, at least one. */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** As the machine resolves names. */
    static Resolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
