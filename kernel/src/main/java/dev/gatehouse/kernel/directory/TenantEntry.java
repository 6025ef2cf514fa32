package dev.gatehouse.kernel.directory;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as a gateway needs it.
 *
 * @param plan the plan's slug
 * @param planLimits the plan's own limits
 * @param override the tenant's own values; gateways drop it by themselves at its end
 * @param pools pinned pools: service name to pool name
 * @param fields field groups of the plan
 * @param spendCapped whether the tenant's hard spend cap is reached
 * @param version the directory's version at the entry's last change
 */
public record TenantEntry(
        TenantId id,
        String slug,
        String name,
        TenantStatus status,
        String plan,
        Limits planLimits,
        @Nullable LimitOverride override,
        int weight,
        int maxConcurrent,
        int maxQueued,
        Map<String, String> pools,
        Set<String> fields,
        boolean spendCapped,
        long version) {

    public TenantEntry {
        pools = Map.copyOf(pools);
        fields = Set.copyOf(fields);
    }

    public Limits limitsAt(Instant now) {
        return override != null && override.isInForce(now) ? override.over(planLimits) : planLimits;
    }
}
