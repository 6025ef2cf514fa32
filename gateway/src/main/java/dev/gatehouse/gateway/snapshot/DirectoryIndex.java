package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.gateway.standing.Caller;
import dev.gatehouse.gateway.standing.TenantHolder;
import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.KeyLookup;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.directory.UnusableEntry.Kind;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.aside.MemoryShelf;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory in memory. Written by the poller and by lookups, one at a time; read by all event loops without a lock.
 * Entries are immutable and a change replaces one by another, so that a reader sees an entry before the change or after
 * it, never half of each.
 *
 * <p>An entry that cannot be served by is set aside, and what it is about is refused: the key, every key of the tenant, the
 * route's calls. What was known of it before does not count any more, since the change may have been a revocation. The next
 * entry that can be served by heals it. All other entries are taken.
 */
public final class DirectoryIndex {
    private final MemoryShelf shelf;
    private final Set<String> healed = new HashSet<>();
    private volatile Tables tables = new Tables(0);

    /** @param shelf told what cannot be used */
    public DirectoryIndex(MemoryShelf shelf) {
        this.shelf = shelf;
    }

    /** The maps of one whole snapshot and of all the changes since. */
    private static final class Tables {
        final Map<TenantId, TenantHolder> tenants = new ConcurrentHashMap<>();
        final Map<Digest, Caller> callers = new ConcurrentHashMap<>();
        /** Keys that are there and cannot be used. */
        final Map<Digest, String> refused = new ConcurrentHashMap<>();

        final Map<String, RouteEntry> routes = new TreeMap<>();
        /** By the name under which it is set aside. */
        final Map<String, Damaged> damaged = new TreeMap<>();

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

    /** Whether this key is known, and what is known of it cannot be used. */
    public boolean isRefused(Digest digest) {
        return tables.refused.containsKey(digest);
    }

    public synchronized List<RouteEntry> routes() {
        return List.copyOf(tables.routes.values());
    }

    /**
     * Takes over what changed; a whole snapshot replaces everything.
     *
     * @return whether it named every entry that it holds; when not, some entry has changed and it cannot be told which, and
     *     only a whole snapshot tells what is still so
     */
    synchronized boolean apply(ReadSnapshot changes) {
        Tables before = tables;
        Tables after = changes.isWhole() ? new Tables(0) : before;
        for (TenantEntry tenant : changes.tenants()) {
            put(after, before, tenant);
        }
        for (KeyEntry key : changes.keys()) {
            Caller unused = put(after, before, key);
        }
        for (RouteEntry route : changes.routes()) {
            after.routes.put(route.name(), route);
            heal(after, route.name());
        }
        for (String removed : changes.removedRoutes()) {
            after.routes.remove(removed);
            heal(after, removed);
        }
        boolean named = true;
        for (Damaged damaged : changes.damaged()) {
            // an older state of it may have come beside it
            healed.remove(damaged.record());
            setAside(after, before, damaged);
            named &= damaged.isIdentified();
        }
        after.version = changes.version();
        tables = after;
        tellHealed();
        if (changes.isWhole()) {
            Set<String> still = new HashSet<>(after.damaged.keySet());
            after.tenants.values().stream()
                    .filter(TenantHolder::isStub)
                    .forEach(holder -> still.add(holder.entry().id().value()));
            shelf.keepOnly(still);
        }
        return named;
    }

    /**
     * Takes over a key that the poll has not brought yet.
     *
     * @throws IllegalArgumentException when it cannot be used; it is set aside then
     */
    synchronized Caller learn(KeyLookup found) {
        Tables now = tables;
        require(found.tenant(), Kind.TENANT, now, () -> EntryRules.require(found.tenant()));
        require(found.key(), Kind.KEY, now, () -> EntryRules.require(found.key()));
        Digest digest = Digest.ofHex(found.key().hash());
        if (now.refused.containsKey(digest)
                || now.damaged.containsKey(found.tenant().id().value())) {
            // asked for before that was known: only a newer entry heals it
            throw new IllegalArgumentException("the key or its tenant has been set aside");
        }
        put(now, now, found.tenant());
        if (!found.key().tenant().equals(found.tenant().id())) {
            throw new IllegalArgumentException("a lookup named the tenant of another key");
        }
        Caller caller = put(now, now, found.key());
        tellHealed();
        return caller;
    }

    private void require(Object entry, Kind kind, Tables now, Runnable rules) {
        try {
            rules.run();
        } catch (RuntimeException e) {
            setAside(now, now, Damaged.of(kind, Json.bytes(entry), Damaged.reason(e)));
            throw e;
        }
    }

    /** Every entry that is served by, for the copy on disk. */
    synchronized DirectoryCopy copy() {
        Tables now = tables;
        List<TenantEntry> tenants = new ArrayList<>();
        now.tenants.values().stream()
                .filter(holder -> !holder.isSetAside())
                .forEach(holder -> tenants.add(holder.entry()));
        List<KeyEntry> keys = new ArrayList<>();
        now.callers.values().forEach(caller -> keys.add(caller.key()));
        List<RouteEntry> routes = now.routes.values().stream()
                .filter(route -> !now.damaged.containsKey(route.name()))
                .toList();
        Collection<Damaged> damaged = now.damaged.values();
        return new DirectoryCopy(now.version, tenants, keys, routes, List.copyOf(damaged));
    }

    private void put(Tables tables, Tables before, TenantEntry tenant) {
        TenantHolder holder = holder(tables, before, tenant.id());
        if (holder == null) {
            tables.tenants.put(tenant.id(), new TenantHolder(tenant));
        } else if (holder.renew(tenant)) {
            heal(tables, tenant.id().value());
        }
    }

    /** What is known of the tenant's levels outlives a whole snapshot. */
    private static @Nullable TenantHolder holder(Tables tables, Tables before, TenantId id) {
        TenantHolder holder = tables.tenants.get(id);
        if (holder == null) {
            holder = before.tenants.get(id);
            if (holder != null) {
                tables.tenants.put(id, holder);
            }
        }
        return holder;
    }

    private Caller put(Tables tables, Tables before, KeyEntry key) {
        Digest digest = Digest.ofHex(key.hash());
        Caller known = tables.callers.get(digest);
        if (known != null && known.key().version() > key.version()) {
            return known;
        }
        TenantHolder tenant = tables.tenants.get(key.tenant());
        if (tenant == null) {
            tenant = stub(tables, before, key.tenant(), "the directory names keys of it, and not the tenant");
        }
        Caller caller = new Caller(key, tenant);
        tables.callers.put(digest, caller);
        tables.refused.remove(digest);
        heal(tables, key.id().value());
        return caller;
    }

    private TenantHolder stub(Tables tables, Tables before, TenantId id, String reason) {
        TenantHolder holder = holder(tables, before, id);
        if (holder == null) {
            holder = TenantHolder.stub(id);
            tables.tenants.put(id, holder);
        }
        holder.setAside();
        if (!tables.damaged.containsKey(id.value())) {
            shelf.put(id.value(), reason, null);
        }
        return holder;
    }

    private void setAside(Tables tables, Tables before, Damaged damaged) {
        String record = damaged.record();
        tables.damaged.put(record, damaged);
        shelf.put(record, damaged.reason(), damaged.content());
        switch (damaged.kind()) {
            case TENANT -> {
                String id = damaged.id();
                if (id != null) {
                    TenantHolder unused = stub(tables, before, new TenantId(id), damaged.reason());
                }
            }
            case KEY -> refuse(tables, damaged);
            case ROUTE -> shut(tables, before, damaged);
        }
    }

    private static void refuse(Tables tables, Damaged damaged) {
        Digest digest = damaged.digest();
        if (digest != null) {
            tables.refused.put(digest, damaged.reason());
            tables.callers.remove(digest);
        }
        String id = damaged.id();
        if (id != null) {
            // its hash may be what is damaged: the key that had this id is not served either
            tables.callers.entrySet().removeIf(known -> {
                boolean itself = known.getValue().key().id().value().equals(id);
                if (itself) {
                    tables.refused.put(known.getKey(), damaged.reason());
                }
                return itself;
            });
        }
    }

    /** The route's paths stay its own, and nothing answers them. */
    private static void shut(Tables tables, Tables before, Damaged damaged) {
        String name = damaged.id();
        RouteEntry here = name == null ? null : tables.routes.get(name);
        RouteEntry known = here != null || name == null ? here : before.routes.get(name);
        if (known == null) {
            return;
        }
        List<PoolEntry> shut = known.pools().stream()
                .map(pool -> new PoolEntry(pool.name(), List.of(), null, pool.maxConcurrent()))
                .toList();
        tables.routes.put(
                known.name(),
                new RouteEntry(
                        known.name(),
                        known.service(),
                        known.prefixes(),
                        known.operations(),
                        shut,
                        known.scope(),
                        known.defaultCost(),
                        known.stripPrefix(),
                        known.connectTimeoutMillis(),
                        known.responseTimeoutMillis(),
                        known.version(),
                        known.callerKey()));
    }

    private void heal(Tables tables, String record) {
        tables.damaged.remove(record);
        healed.add(record);
    }

    private void tellHealed() {
        healed.forEach(shelf::heal);
        healed.clear();
    }
}
