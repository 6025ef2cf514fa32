package dev.gatehouse.directory;

import dev.gatehouse.directory.change.ChangeDesk;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.SalesDesk;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.key.KeyChanges;
import dev.gatehouse.directory.member.MemberChanges;
import dev.gatehouse.directory.plan.PlanCatalogue;
import dev.gatehouse.directory.route.RouteChanges;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.tenant.TenantChanges;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.RouteKind;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The directory over its store. */
final class StoredDirectory implements Directory {
    private final DirectoryStore store;
    private final ChangeDesk desk;
    private final PlanCatalogue plans;
    private final SalesDesk sales;

    StoredDirectory(DirectoryStore store, ChangeDesk desk, PlanCatalogue plans, SalesDesk sales) {
        this.sales = sales;
        this.store = store;
        this.desk = desk;
        this.plans = plans;
    }

    @Override
    public List<Plan> plans() {
        return plans.all();
    }

    @Override
    public Optional<Plan> plan(String slug) {
        return plans.find(slug);
    }

    @Override
    public Optional<Tenant> findTenant(String idOrSlug) {
        return store.asSystem(session -> TenantChanges.find(session, idOrSlug));
    }

    @Override
    public Optional<Tenant> tenant(TenantId id) {
        return store.asTenant(id, session -> session.tenants().find(id));
    }

    @Override
    public List<Tenant> tenants(@Nullable TenantId after, int limit) {
        return store.asSystem(session -> session.tenants().page(after, null, null, limit));
    }

    @Override
    public Outcome<Tenant> createTenant(NewTenant tenant, Actor actor) {
        return Outcome.of(() -> desk.change(actor, writing -> new TenantChanges(writing, plans).create(tenant)));
    }

    @Override
    public Outcome<Tenant> suspend(TenantId tenant, Actor actor) {
        return ofTenant(tenant, actor, TenantChanges::suspend);
    }

    @Override
    public Outcome<Tenant> resume(TenantId tenant, Actor actor) {
        return Outcome.of(() -> {
            tenant(tenant).ifPresent(sales::requireResume);
            return ofTenant(tenant, actor, TenantChanges::resume).orThrow();
        });
    }

    @Override
    public Outcome<Tenant> setPlan(TenantId tenant, String plan, Actor actor) {
        return Outcome.of(() -> {
            tenant(tenant).ifPresent(found -> sales.requirePlan(found, plan));
            return ofTenant(tenant, actor, (changes, found) -> changes.setPlan(found, plan))
                    .orThrow();
        });
    }

    @Override
    public List<PlanChange> planHistory(TenantId tenant) {
        return store.asTenant(tenant, session -> session.audit().plans(tenant));
    }

    @Override
    public List<Suspension> suspensions(TenantId tenant) {
        return store.asTenant(tenant, session -> session.audit().suspensions(tenant));
    }

    @Override
    public Outcome<Tenant> setLimits(TenantId tenant, @Nullable LimitOverride override, Actor actor) {
        return ofTenant(tenant, actor, (changes, found) -> changes.setLimits(found, override));
    }

    @Override
    public Outcome<Tenant> reachSpendCap(TenantId tenant, Actor actor) {
        return ofTenant(tenant, actor, TenantChanges::reachSpendCap);
    }

    @Override
    public Outcome<Tenant> liftSpendCap(TenantId tenant, Actor actor) {
        return ofTenant(tenant, actor, TenantChanges::liftSpendCap);
    }

    @Override
    public List<Key> keys(TenantId tenant) {
        return store.asTenant(tenant, session -> session.keys().of(tenant));
    }

    @Override
    public Outcome<IssuedKey> createKey(TenantId tenant, NewKey key, Actor actor) {
        return within(tenant, actor, writing -> {
            TenantChanges.require(writing.session(), tenant.value());
            return new KeyChanges(writing).create(tenant, key);
        });
    }

    @Override
    public Outcome<Key> revokeKey(TenantId tenant, KeyId key, Actor actor) {
        return within(tenant, actor, writing -> new KeyChanges(writing).revoke(key(writing, tenant, key)));
    }

    @Override
    public Outcome<IssuedKey> rotateKey(TenantId tenant, KeyId key, Duration overlap, Actor actor) {
        return within(tenant, actor, writing -> new KeyChanges(writing).rotate(key(writing, tenant, key), overlap));
    }

    private static Key key(Writing writing, TenantId tenant, KeyId id) {
        return writing.session()
                .keys()
                .find(id)
                .filter(key -> key.entry().tenant().equals(tenant))
                .orElseThrow(() -> Refusals.notFound("key", id.value()));
    }

    @Override
    public List<Member> members(TenantId tenant) {
        return store.asTenant(tenant, session -> session.members().of(tenant));
    }

    @Override
    public Optional<Member> member(TenantId tenant, MemberId member) {
        return store.asTenant(tenant, session -> session.members().find(tenant, member));
    }

    @Override
    public Optional<Member> memberByMail(String mail) {
        return store.asSystem(session -> session.members().findByMail(MemberChanges.normal(mail)));
    }

    @Override
    public Outcome<Member> addMember(TenantId tenant, NewMember member, Actor actor) {
        return Outcome.of(() -> desk.change(actor, writing -> {
            TenantChanges.require(writing.session(), tenant.value());
            return new MemberChanges(writing).add(tenant, member);
        }));
    }

    @Override
    public Outcome<Member> setRole(TenantId tenant, MemberId member, MemberRole role, Actor actor) {
        return ofMember(tenant, member, actor, (changes, found) -> changes.setRole(found, role));
    }

    @Override
    public Outcome<Member> setPassword(TenantId tenant, MemberId member, String passwordHash, Actor actor) {
        return ofMember(tenant, member, actor, (changes, found) -> changes.setPassword(found, passwordHash));
    }

    @Override
    public Outcome<Member> verifyMail(TenantId tenant, MemberId member, Instant at, Actor actor) {
        return ofMember(tenant, member, actor, (changes, found) -> changes.verifyMail(found, at));
    }

    @Override
    public Outcome<Member> removeMember(TenantId tenant, MemberId member, Actor actor) {
        return ofMember(tenant, member, actor, MemberChanges::remove);
    }

    @Override
    public List<AuditRecord> audit(TenantId tenant, @Nullable Long before, int limit) {
        return store.asTenant(tenant, session -> session.audit().page(tenant, before, limit));
    }

    @Override
    public List<RouteEntry> routes() {
        return store.asSystem(session -> session.routes().all());
    }

    @Override
    public Outcome<RouteEntry> declareRoute(RouteDeclaration declaration, Actor actor) {
        return Outcome.of(() ->
                desk.change(actor, writing -> new RouteChanges(writing).put(declaration, RouteKind.BUILT_IN)));
    }

    private <T> Outcome<T> within(TenantId tenant, Actor actor, Function<Writing, T> work) {
        return Outcome.of(() -> desk.changeOf(tenant, actor, work));
    }

    private Outcome<Tenant> ofTenant(TenantId tenant, Actor actor, BiFunction<TenantChanges, Tenant, Tenant> work) {
        return within(tenant, actor, writing -> {
            Tenant found = TenantChanges.require(writing.session(), tenant.value());
            return work.apply(new TenantChanges(writing, plans), found);
        });
    }

    private Outcome<Member> ofMember(
            TenantId tenant, MemberId member, Actor actor, BiFunction<MemberChanges, Member, Member> work) {
        return within(tenant, actor, writing -> {
            Member found = writing.session()
                    .members()
                    .find(tenant, member)
                    .orElseThrow(() -> Refusals.notFound("member", member.value()));
            return work.apply(new MemberChanges(writing), found);
        });
    }
}
