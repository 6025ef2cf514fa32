package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.gateway.standing.Caller;
import dev.gatehouse.gateway.standing.TenantHolder;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.KeyLookup;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory in memory. Written by the poller and by lookups, one at a time; read by all event loops without a lock.
 * Entries are immutable and a change replaces one by another, so that a reader sees an entry before the change or after
 * it, never half of each.
 */
public final class DirectoryIndex {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryIndex.class);

    private volatile Tables tables = new Tables(0);

    /** The maps of one whole snapshot and of all the changes since. */
    private static final class Tables {
        final Map<TenantId, TenantHolder> tenants = new ConcurrentHashMap<>();
        final Map<Digest, Caller> callers = new ConcurrentHashMap<>();
        final Map<String, RouteEntry> routes = new TreeMap<>();
        volatile long version;

        Tables(long version) {
            this.version = version;
        }
    }

    /** The directory's version that is served from; 0 before the first snapshot. */
    public long version() {
        return tables.version;
    }

    public @Nullable Caller find(Digest digest) {
        return tables.callers.get(digest);
    }

    public synchronized List<RouteEntry> routes() {
        return List.copyOf(tables.routes.values());
    }

    /** Takes over what changed; a whole snapshot replaces everything. */
    public synchronized void apply(DirectorySnapshot changes) {
        Tables before = tables;
        Tables after = changes.isWhole() ? new Tables(0) : before;
        for (TenantEntry tenant : changes.tenants()) {
            put(after, before, tenant);
        }
        for (KeyEntry key : changes.keys()) {
            put(after, key);
        }
        for (RouteEntry route : changes.routes()) {
            after.routes.put(route.name(), route);
        }
        changes.removedRoutes().forEach(after.routes::remove);
        after.version = changes.version();
        tables = after;
    }

    /** Takes over a key that the poll has not brought yet. */
    public synchronized Caller learn(KeyLookup found) {
        put(tables, tables, found.tenant());
        Caller known = tables.callers.get(Digest.ofHex(found.key().hash()));
        if (known != null && known.key().version() >= found.key().version()) {
            return known;
        }
        Caller caller = put(tables, found.key());
        if (caller == null) {
            throw new IllegalStateException("a lookup named the tenant of another key");
        }
        return caller;
    }

    /** All that is known, as one whole snapshot. */
    public synchronized DirectorySnapshot whole() {
        Tables now = tables;
        List<TenantEntry> tenants = new ArrayList<>();
        now.tenants.values().forEach(holder -> tenants.add(holder.entry()));
        List<KeyEntry> keys = new ArrayList<>();
        now.callers.values().forEach(caller -> keys.add(caller.key()));
        return new DirectorySnapshot(0, now.version, tenants, keys, List.copyOf(now.routes.values()), List.of());
    }

    private static void put(Tables tables, Tables before, TenantEntry tenant) {
        TenantHolder holder = tables.tenants.get(tenant.id());
        if (holder == null) {
            // what is known of the tenant's levels outlives a whole snapshot
            holder = before.tenants.get(tenant.id());
        }
        if (holder == null) {
            holder = new TenantHolder(tenant);
        } else {
            holder.renew(tenant);
        }
        tables.tenants.put(tenant.id(), holder);
    }

    private static @Nullable Caller put(Tables tables, KeyEntry key) {
        TenantHolder tenant = tables.tenants.get(key.tenant());
        if (tenant == null) {
            LOG.error("the directory names the key {} without its tenant {}", key.id(), key.tenant());
            return null;
        }
        Caller caller = new Caller(key, tenant);
        tables.callers.put(Digest.ofHex(key.hash()), caller);
        return caller;
    }
}
