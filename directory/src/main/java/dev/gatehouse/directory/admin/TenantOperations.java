package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.directory.change.SalesDesk;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.plan.PlanCatalogue;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.tenant.TenantChanges;
import dev.gatehouse.directory.view.TenantView;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operations on tenants. */
final class TenantOperations {
    private final DirectoryStore store;
    private final PlanCatalogue plans;
    private final SalesDesk sales;
    private final InstantSource clock;

    TenantOperations(DirectoryStore store, PlanCatalogue plans, SalesDesk sales, InstantSource clock) {
        this.sales = sales;
        this.store = store;
        this.plans = plans;
        this.clock = clock;
    }

    void add(Map<String, Handler> handlers, AdminDesk desk) {
        handlers.put("listTenants", desk.reading(this::list));
        handlers.put("getTenant", desk.reading(this::get));
        handlers.put("createTenant", desk.changing(this::create));
        handlers.put("suspendTenant", changing(desk, (changes, tenant, call) -> changes.suspend(tenant)));
        handlers.put(
                "resumeTenant",
                changing(
                        desk,
                        call -> known(call).ifPresent(sales::requireResume),
                        (changes, tenant, call) -> changes.resume(tenant)));
        handlers.put(
                "setTenantPlan",
                changing(
                        desk,
                        call -> known(call)
                                .ifPresent(tenant -> sales.requirePlan(
                                        tenant, Fields.of(call.body()).text("plan", ""))),
                        (changes, tenant, call) ->
                                changes.setPlan(tenant, Fields.of(call.body()).text("plan", ""))));
        handlers.put(
                "setTenantLimits",
                changing(desk, (changes, tenant, call) -> changes.setLimits(tenant, override(Fields.of(call.body())))));
        handlers.put(
                "setTenantPools", changing(desk, (changes, tenant, call) -> changes.setPools(tenant, pools(call))));
    }

    @FunctionalInterface
    private interface Change {
        Tenant make(TenantChanges changes, Tenant tenant, ApiCall call);
    }

    private Optional<Tenant> known(ApiCall call) {
        return store.asSystem(
                session -> TenantChanges.find(session, call.text("tenant").orElse("")));
    }

    private Handler changing(AdminDesk desk, Change change) {
        return changing(desk, call -> {}, change);
    }

    private Handler changing(AdminDesk desk, Consumer<ApiCall> before, Change change) {
        return desk.changing(before, (call, writing) -> {
            Tenant tenant = named(call, writing);
            return Answer.ok(view(change.make(new TenantChanges(writing, plans), tenant, call), writing.now()));
        });
    }

    /** The tenant in the path. */
    static Tenant named(ApiCall call, Writing writing) {
        return TenantChanges.require(writing.session(), call.text("tenant").orElse(""));
    }

    private Response list(ApiCall call) {
        String cursor = Paging.cursor(call, text -> PrefixedId.isWellFormed(TenantId.PREFIX, text));
        TenantStatus status = call.text("status")
                .map(text -> TenantStatus.valueOf(text.toUpperCase(Locale.ROOT)))
                .orElse(null);
        int limit = Paging.limit(call);
        List<Tenant> tenants = store.asSystem(session -> session.tenants()
                .page(
                        cursor == null ? null : new TenantId(cursor),
                        call.text("plan").orElse(null),
                        status,
                        limit + 1));
        Instant now = clock.instant();
        return Paging.page(
                tenants.stream().map(tenant -> view(tenant, now)).toList(),
                limit,
                tenant -> tenant.id().value());
    }

    private Response get(ApiCall call) {
        Tenant tenant = store.asSystem(
                session -> TenantChanges.require(session, call.text("tenant").orElse("")));
        return Response.ok(view(tenant, clock.instant()));
    }

    private Answer create(ApiCall call, Writing writing) {
        Fields body = Fields.of(call.body());
        NewTenant wanted = new NewTenant(body.text("name", ""), body.text("plan", "free"), body.text("slug"));
        return Answer.created(view(new TenantChanges(writing, plans).create(wanted), writing.now()));
    }

    private static @Nullable LimitOverride override(Fields body) {
        return new LimitOverride(
                body.number("daily"), body.number("refillPerMinute"), body.number("burst"), body.instant("until"));
    }

    private static Map<String, String> pools(ApiCall call) {
        Map<String, String> pools = new TreeMap<>();
        call.json()
                .properties()
                .forEach(pool -> pools.put(pool.getKey(), pool.getValue().asText()));
        return pools;
    }

    private TenantView view(Tenant tenant, Instant now) {
        return TenantView.of(tenant, plans.require(tenant.plan()).limits(), now);
    }
}
