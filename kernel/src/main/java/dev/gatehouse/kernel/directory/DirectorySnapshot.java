package dev.gatehouse.kernel.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What gateways serve from: everything that changed after a version, or everything when that version is 0.
 *
 * @param after the version that the receiver had
 * @param version the version that the receiver has once it has applied this
 * @param removedRoutes names of routes that went away since
 * @param unusable what changed too, and cannot be read by the directory itself
 */
public record DirectorySnapshot(
        long after,
        long version,
        List<TenantEntry> tenants,
        List<KeyEntry> keys,
        List<RouteEntry> routes,
        List<String> removedRoutes,
        List<UnusableEntry> unusable) {

    /** Redis channel on which the directory publishes its newest version as decimal text: a hint to poll at once. */
    public static final String CHANNEL = "gatehouse:directory";

    public DirectorySnapshot {
        tenants = List.copyOf(tenants);
        keys = List.copyOf(keys);
        routes = List.copyOf(routes);
        removedRoutes = List.copyOf(removedRoutes);
        unusable = copy(unusable);
    }

    /** A snapshot whose entries can all be read. */
    public DirectorySnapshot(
            long after,
            long version,
            List<TenantEntry> tenants,
            List<KeyEntry> keys,
            List<RouteEntry> routes,
            List<String> removedRoutes) {
        this(after, version, tenants, keys, routes, removedRoutes, List.of());
    }

    /** Absent in what a directory of an older release says. */
    private static List<UnusableEntry> copy(@Nullable List<UnusableEntry> unusable) {
        return unusable == null ? List.of() : List.copyOf(unusable);
    }

    public boolean isWhole() {
        return after == 0;
    }
}
