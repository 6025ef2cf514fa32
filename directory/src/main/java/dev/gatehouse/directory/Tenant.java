package dev.gatehouse.directory;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.tenant.TenantStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer organisation.
 *
 * @param slug unique, as in {@code acme-corp}; never changes
 * @param plan the plan's slug
 * @param override its own limits, past ones included; null for none
 * @param pools pinned pools: service name to pool name
 * @param spendCapped whether its hard spend cap is reached
 * @param version the directory's version at the last change
 */
public record Tenant(
        TenantId id,
        String slug,
        String name,
        TenantStatus status,
        String plan,
        @Nullable LimitOverride override,
        Map<String, String> pools,
        boolean spendCapped,
        Instant createdAt,
        long version) {

    public Tenant {
        pools = Map.copyOf(pools);
    }

    public Tenant withStatus(TenantStatus changed) {
        return new Tenant(id, slug, name, changed, plan, override, pools, spendCapped, createdAt, version);
    }

    public Tenant withPlan(String changed) {
        return new Tenant(id, slug, name, status, changed, override, pools, spendCapped, createdAt, version);
    }

    public Tenant withOverride(@Nullable LimitOverride changed) {
        return new Tenant(id, slug, name, status, plan, changed, pools, spendCapped, createdAt, version);
    }

    public Tenant withPools(Map<String, String> changed) {
        return new Tenant(id, slug, name, status, plan, override, changed, spendCapped, createdAt, version);
    }

    /** The tenant once its spend cap is reached. */
    public Tenant capped() {
        return new Tenant(id, slug, name, status, plan, override, pools, true, createdAt, version);
    }

    /** The tenant with its spend cap not reached. */
    public Tenant uncapped() {
        return new Tenant(id, slug, name, status, plan, override, pools, false, createdAt, version);
    }

    public Tenant withVersion(long changed) {
        return new Tenant(id, slug, name, status, plan, override, pools, spendCapped, createdAt, changed);
    }
}
