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
 * @param callerKey {@link #INTERNAL} when the route leads to one of the installation's own services; otherwise the id of the
 *     secret under which the service is told who calls. Null in an entry of an older version: not one of ours
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
        long version,
        @Nullable String callerKey) {

    /** The {@link #callerKey} of a route to one of the installation's own services. */
    public static final String INTERNAL = "internal";

    public RouteEntry {
        prefixes = List.copyOf(prefixes);
        operations = List.copyOf(operations);
        pools = List.copyOf(pools);
    }

    /** A route to a service that is not one of the installation's own, whose secret is the first. */
    public RouteEntry(
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
        this(
                name,
                service,
                prefixes,
                operations,
                pools,
                scope,
                defaultCost,
                stripPrefix,
                connectTimeoutMillis,
                responseTimeoutMillis,
                version,
                null);
    }

    /** Whether it leads to one of the installation's own services. */
    public boolean isInternal() {
        return INTERNAL.equals(callerKey);
    }

    /** The id of the secret of a route that is not {@link #isInternal internal}; empty for the first that it had. */
    public String secretId() {
        return callerKey == null ? "" : callerKey;
    }

    public RouteEntry with(long newVersion, @Nullable String newCallerKey) {
        return new RouteEntry(
                name,
                service,
                prefixes,
                operations,
                pools,
                scope,
                defaultCost,
                stripPrefix,
                connectTimeoutMillis,
                responseTimeoutMillis,
                newVersion,
                newCallerKey);
    }
}
