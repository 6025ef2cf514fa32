package dev.gatehouse.portal;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.plan.Plan;
import dev.gatehouse.kernel.tenant.TenantStatus;

/**
 * A tenant as its members see it.
 *
 * @param limits those in force now, overrides included
 */
public record Organisation(TenantId id, String slug, String name, TenantStatus status, Plan plan, Limits limits) {}
