package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import java.util.List;

/** What a gateway keeps on disk: the entries that it serves by, and those that it refuses to. */
record DirectoryCopy(
        long version, List<TenantEntry> tenants, List<KeyEntry> keys, List<RouteEntry> routes, List<Damaged> damaged) {
    DirectoryCopy {
        tenants = List.copyOf(tenants);
        keys = List.copyOf(keys);
        routes = List.copyOf(routes);
        damaged = List.copyOf(damaged);
    }
}
