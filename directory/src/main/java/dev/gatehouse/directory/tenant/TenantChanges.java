package dev.gatehouse.directory.tenant;

import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.directory.change.Names;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.plan.PlanCatalogue;
import dev.gatehouse.directory.store.Session;
import dev.gatehouse.directory.view.TenantView;
import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Changes of tenants. What is refused is thrown as a problem. */
public final class TenantChanges {
    private static final int LONGEST_NAME = 120;

    private final Writing writing;
    private final PlanCatalogue plans;

    public TenantChanges(Writing writing, PlanCatalogue plans) {
        this.writing = writing;
        this.plans = plans;
    }

    /** @param idOrSlug anything; what is neither finds nothing */
    public static Optional<Tenant> find(Session session, String idOrSlug) {
        return PrefixedId.isWellFormed(TenantId.PREFIX, idOrSlug)
                ? session.tenants().find(new TenantId(idOrSlug))
                : session.tenants().findBySlug(idOrSlug);
    }

    public static Tenant require(Session session, String idOrSlug) {
        return find(session, idOrSlug).orElseThrow(() -> Refusals.notFound("tenant", idOrSlug));
    }

    /** Needs to see every tenant. */
    public Tenant create(NewTenant wanted) {
        String name = Names.require("name", wanted.name(), LONGEST_NAME);
        plans.require(wanted.plan());
        Session session = writing.session();
        Tenant tenant = new Tenant(
                TenantId.next(writing::now),
                slug(session, name, wanted.slug()),
                name,
                TenantStatus.ACTIVE,
                wanted.plan(),
                null,
                Map.of(),
                false,
                writing.now(),
                session.nextVersion());
        session.tenants().insert(tenant);
        writing.note("createTenant", tenant.id().value(), tenant.id(), null, view(tenant));
        return tenant;
    }

    private static String slug(Session session, String name, @Nullable String wanted) {
        if (wanted == null) {
            return Slug.of(name, taken -> session.tenants().findBySlug(taken).isPresent());
        }
        if (wanted.length() > Slug.LONGEST || !wanted.matches(Slug.PATTERN)) {
            throw Refusals.refused("slug", "must be lower-case words joined by hyphens, at most 48 characters");
        }
        if (session.tenants().findBySlug(wanted).isPresent()) {
            throw Refusals.conflict("slug", "is another tenant's: choose another");
        }
        return wanted;
    }

    public Tenant suspend(Tenant tenant) {
        return change("suspendTenant", tenant, now -> now.withStatus(TenantStatus.SUSPENDED));
    }

    public Tenant resume(Tenant tenant) {
        return change("resumeTenant", tenant, now -> now.withStatus(TenantStatus.ACTIVE));
    }

    public Tenant setPlan(Tenant tenant, String plan) {
        plans.require(plan);
        return change("setTenantPlan", tenant, now -> now.withPlan(plan));
    }

    /** @param override null, or one without any limit, ends the one there is */
    public Tenant setLimits(Tenant tenant, @Nullable LimitOverride override) {
        if (override == null
                || (override.daily() == null && override.refillPerMinute() == null && override.burst() == null)) {
            return change("setTenantLimits", tenant, now -> now.withOverride(null));
        }
        requireLimit("daily", override.daily());
        requireLimit("refillPerMinute", override.refillPerMinute());
        requireLimit("burst", override.burst());
        Instant until = override.until();
        if (until != null && !until.isAfter(writing.now())) {
            throw Refusals.refused("until", "is past: give an instant to come, or none for an override without end");
        }
        return change("setTenantLimits", tenant, now -> now.withOverride(override));
    }

    private static void requireLimit(String field, @Nullable Long value) {
        if (value != null && (value < 1 || value > Limits.MAX)) {
            throw Refusals.refused(field, "is " + value + ": must be 1 to " + Limits.MAX);
        }
    }

    /** @param pools service name to pool name; replaces what there is */
    public Tenant setPools(Tenant tenant, Map<String, String> pools) {
        pools.forEach((service, pool) -> {
            if (!EntryRules.isName(service) || !EntryRules.isName(pool)) {
                throw Refusals.refused("pools", "must lead names of services to names of their pools");
            }
        });
        return change("setTenantPools", tenant, now -> now.withPools(pools));
    }

    public Tenant reachSpendCap(Tenant tenant) {
        return change("reachSpendCap", tenant, Tenant::capped);
    }

    public Tenant liftSpendCap(Tenant tenant) {
        return change("liftSpendCap", tenant, Tenant::uncapped);
    }

    private Tenant change(String operation, Tenant before, UnaryOperator<Tenant> how) {
        Tenant after = how.apply(before);
        if (after.equals(before)) {
            return before;
        }
        Tenant stored = after.withVersion(writing.session().nextVersion());
        writing.session().tenants().update(stored);
        writing.note(operation, stored.id().value(), stored.id(), view(before), view(stored));
        return stored;
    }

    private TenantView view(Tenant tenant) {
        return TenantView.of(tenant, plans.require(tenant.plan()).limits(), writing.now());
    }
}
