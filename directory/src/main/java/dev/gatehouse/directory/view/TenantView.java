package dev.gatehouse.directory.view;

import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.plan.Limits;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param limits what holds now
 * @param override also when it is past
 */
public record TenantView(
        TenantId id,
        String slug,
        String name,
        String status,
        String plan,
        Limits limits,
        Limits planLimits,
        @Nullable LimitOverride override,
        Map<String, String> pools,
        boolean spendCapped,
        Instant createdAt,
        long version) {

    /** @param planLimits of the tenant's plan */
    public static TenantView of(Tenant tenant, Limits planLimits, Instant now) {
        LimitOverride override = tenant.override();
        return new TenantView(
                tenant.id(),
                tenant.slug(),
                tenant.name(),
                tenant.status().name().toLowerCase(Locale.ROOT),
                tenant.plan(),
                override != null && override.isInForce(now) ? override.over(planLimits) : planLimits,
                planLimits,
                override,
                tenant.pools(),
                tenant.spendCapped(),
                tenant.createdAt(),
                tenant.version());
    }
}
