package dev.gatehouse.app.role;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Key;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.plan.Plan;
import dev.gatehouse.portal.IssuedKey;
import dev.gatehouse.portal.KeySummary;
import dev.gatehouse.portal.NewKey;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.runtime.scope.RequestScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The directory as the portal asks for it. */
record DirectoryOrganisations(Directory directory, InstantSource clock) implements Organisations {
    /** The plan that anyone may begin with. */
    private static final String FIRST_PLAN = "free";

    @Override
    public Organisation create(String name, String actor) {
        return organisation(directory
                .createTenant(NewTenant.of(name, FIRST_PLAN), by(actor))
                .orThrow());
    }

    @Override
    public Optional<Organisation> find(TenantId tenant) {
        return directory.tenant(tenant).map(this::organisation);
    }

    @Override
    public void close(TenantId tenant, String actor) {
        // suspended first: no key that is made meanwhile answers
        directory.suspend(tenant, by(actor)).orThrow();
        for (Key key : directory.keys(tenant)) {
            if (key.entry().revokedAt() == null) {
                directory.revokeKey(tenant, key.entry().id(), by(actor)).orThrow();
            }
        }
    }

    @Override
    public Organisation changePlan(TenantId tenant, String plan, String actor) {
        return organisation(directory.setPlan(tenant, plan, by(actor)).orThrow());
    }

    @Override
    public List<Plan> plans() {
        return directory.plans();
    }

    @Override
    public IssuedKey createKey(TenantId tenant, NewKey key, String actor) {
        return issued(directory
                .createKey(
                        tenant,
                        new dev.gatehouse.directory.NewKey(
                                key.name(),
                                key.mode(),
                                key.scopes(),
                                key.expiresAt(),
                                key.allowedAddresses(),
                                key.quotaPercent()),
                        by(actor))
                .orThrow());
    }

    @Override
    public List<KeySummary> keys(TenantId tenant) {
        return directory.keys(tenant).stream()
                .map(DirectoryOrganisations::summary)
                .toList();
    }

    @Override
    public KeySummary revokeKey(TenantId tenant, KeyId key, String actor) {
        return summary(directory.revokeKey(tenant, key, by(actor)).orThrow());
    }

    @Override
    public IssuedKey rotateKey(TenantId tenant, KeyId key, Duration overlap, String actor) {
        return issued(directory.rotateKey(tenant, key, overlap, by(actor)).orThrow());
    }

    private Organisation organisation(Tenant tenant) {
        Plan plan = directory.plan(tenant.plan()).orElseThrow();
        Limits limits = tenant.override() != null && tenant.override().isInForce(clock.instant())
                ? tenant.override().over(plan.limits())
                : plan.limits();
        return new Organisation(tenant.id(), tenant.slug(), tenant.name(), tenant.status(), plan, limits);
    }

    private static IssuedKey issued(dev.gatehouse.directory.IssuedKey key) {
        return new IssuedKey(summary(key.key()), key.text());
    }

    private static KeySummary summary(Key key) {
        KeyEntry entry = key.entry();
        return new KeySummary(
                entry.id(),
                key.name(),
                entry.prefix(),
                entry.mode(),
                entry.scopes(),
                key.createdAt(),
                entry.expiresAt(),
                entry.revokedAt(),
                entry.allowedAddresses(),
                entry.quotaPercent());
    }

    private static Actor by(String mail) {
        return new Actor(
                "member:" + mail, "in the portal", RequestScope.requestId().orElse(null));
    }
}
