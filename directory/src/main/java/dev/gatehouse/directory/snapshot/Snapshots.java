package dev.gatehouse.directory.snapshot;

import dev.gatehouse.directory.Tenant;
import dev.gatehouse.directory.plan.PlanCatalogue;
import dev.gatehouse.directory.store.Changed;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.store.Session;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.KeyLookup;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.directory.UnusableEntry;
import dev.gatehouse.kernel.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes what gateways serve from. */
public final class Snapshots {
    private final DirectoryStore store;
    private final PlanCatalogue plans;

    public Snapshots(DirectoryStore store, PlanCatalogue plans) {
        this.store = store;
        this.plans = plans;
    }

    /**
     * What changed after a version; everything when the receiver is ahead of this directory, as after a restored backup.
     *
     * @return empty when nothing changed
     */
    public Optional<DirectorySnapshot> after(long version) {
        long newest = store.version();
        if (newest == version) {
            return Optional.empty();
        }
        return Optional.of(store.asSystem(session -> read(session, version > newest ? 0 : version)));
    }

    /**
     * The version is read first: what is committed while the rest is read may be in this answer already, and is in the next
     * one again. Tenants are read last: a key that was read is never without its tenant.
     */
    private DirectorySnapshot read(Session session, long after) {
        long version = session.version();
        Changed<RouteEntry> routes = session.routes().changedAfter(after);
        List<String> removed = after == 0 ? List.of() : session.routes().removedAfter(after);
        Changed<KeyEntry> keys = session.keys().changedAfter(after);
        Changed<Tenant> tenants = session.tenants().changedAfter(after);
        List<UnusableEntry> unusable = new ArrayList<>(tenants.unusable());
        unusable.addAll(keys.unusable());
        unusable.addAll(routes.unusable());
        List<TenantEntry> entries = new ArrayList<>();
        for (Tenant tenant : tenants.entries()) {
            try {
                entries.add(entry(tenant));
            } catch (RuntimeException e) {
                // as one on a plan that is not there: refused, and not let in without limits
                unusable.add(
                        new UnusableEntry(UnusableEntry.Kind.TENANT, tenant.id().value(), null, Changed.reason(e)));
            }
        }
        return new DirectorySnapshot(after, version, entries, keys.entries(), routes.entries(), removed, unusable);
    }

    /** @param hash of the key's text, 64 lower-case hexadecimal digits */
    public Optional<KeyLookup> lookup(String hash) {
        return store.asSystem(session -> session.keys()
                .findByHash(hash)
                .flatMap(key -> session.tenants()
                        .find(key.entry().tenant())
                        .map(tenant -> new KeyLookup(key.entry(), entry(tenant)))));
    }

    private TenantEntry entry(Tenant tenant) {
        Plan plan = plans.require(tenant.plan());
        return new TenantEntry(
                tenant.id(),
                tenant.slug(),
                tenant.name(),
                tenant.status(),
                tenant.plan(),
                plan.limits(),
                tenant.override(),
                plan.weight(),
                plan.maxConcurrent(),
                plan.maxQueued(),
                tenant.pools(),
                plan.fields(),
                tenant.spendCapped(),
                tenant.version());
    }
}
