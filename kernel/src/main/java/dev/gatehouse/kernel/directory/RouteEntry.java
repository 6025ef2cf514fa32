package dev.gatehouse.kernel.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that the gateway fronts, as declared.
 *
 * @param name unique among routes
 * @param service what the route leads to; usage, scopes and pinned pools go by it
 * @param prefixes path prefixes that belong to the route, as in {@code /v2/listings}; a prefix ends at a segment
 * @param operations what the description declares; when empty, any call under a prefix is let through at
 *     {@code defaultCost} and counted as operation {@code NAME.METHOD}
 * @param pools the first is the default
 * @param scope what a key must hold; null for none
 * @param stripPrefix whether the matched prefix is cut from the path that the service sees
 * @param connectTimeoutMillis per attempt
 * @param responseTimeoutMillis from the request's last byte to the response's head
 * @param version the directory's version at the entry's last change
 */
public record RouteEntry(
        String name,
        String service,
        List<String> prefixes,
        List<OperationEntry> operations,
        List<PoolEntry> pools,
        @Nullable String scope,
        int defaultCost,
        boolean stripPrefix,
        int connectTimeoutMillis,
        int responseTimeoutMillis,
        long version) {

    public RouteEntry {
        prefixes = List.copyOf(prefixes);
        operations = List.copyOf(operations);
        pools = List.copyOf(pools);
    }
}
