package dev.gatehouse.gateway.route;

import dev.gatehouse.gateway.forward.Pool;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A declared route with its pools.
 *
 * @param pools by name
 * @param first the default pool
 */
public record Route(RouteEntry entry, Map<String, Pool> pools, Pool first) {
    public Route {
        pools = Map.copyOf(pools);
    }

    /** The pool that serves this tenant: the one it is pinned to for this service, or the default. */
    public Pool poolOf(TenantEntry tenant) {
        String pinned = tenant.pools().isEmpty() ? null : tenant.pools().get(entry.service());
        @Nullable Pool pool = pinned == null ? null : pools.get(pinned);
        return pool == null ? first : pool;
    }
}
