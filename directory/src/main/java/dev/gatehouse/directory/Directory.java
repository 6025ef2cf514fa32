package dev.gatehouse.directory;

import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The directory in the same JVM, for the portal and for billing. Each change is one transaction with its audit record, is
 * felt by every gateway within a second, and answers with an {@link Outcome}; a change to what already holds is done
 * without effect. What names a tenant sees that tenant's rows only.
 */
public interface Directory {
    /** In the plans file's order. */
    List<Plan> plans();

    Optional<Plan> plan(String slug);

    /** @param idOrSlug anything; what is neither finds nothing */
    Optional<Tenant> findTenant(String idOrSlug);

    Optional<Tenant> tenant(TenantId id);

    /**
     * Tenants in the order of their making.
     *
     * @param after the last tenant of the page before; null for the first page
     */
    List<Tenant> tenants(@Nullable TenantId after, int limit);

    Outcome<Tenant> createTenant(NewTenant tenant, Actor actor);

    Outcome<Tenant> suspend(TenantId tenant, Actor actor);

    Outcome<Tenant> resume(TenantId tenant, Actor actor);

    Outcome<Tenant> setPlan(TenantId tenant, String plan, Actor actor);

    /** Which plan a tenant was on and since when, in the order of time; the first since its making. */
    List<PlanChange> planHistory(TenantId tenant);

    /** When a tenant was suspended, in the order of time. */
    List<Suspension> suspensions(TenantId tenant);

    /** @param override replaces the one there is; null ends it */
    Outcome<Tenant> setLimits(TenantId tenant, @Nullable LimitOverride override, Actor actor);

    /** The tenant's hard spend cap is reached: calls that cost something are refused from now on. */
    Outcome<Tenant> reachSpendCap(TenantId tenant, Actor actor);

    /** The spend cap no longer holds. */
    Outcome<Tenant> liftSpendCap(TenantId tenant, Actor actor);

    /** Newest first, revoked ones too. */
    List<Key> keys(TenantId tenant);

    Outcome<IssuedKey> createKey(TenantId tenant, NewKey key, Actor actor);

    /** @param tenant whose key it must be */
    Outcome<Key> revokeKey(TenantId tenant, KeyId key, Actor actor);

    /**
     * Makes a key like this one and lets this one expire.
     *
     * @param overlap how long both work; zero revokes the old one at once
     */
    Outcome<IssuedKey> rotateKey(TenantId tenant, KeyId key, Duration overlap, Actor actor);

    List<Member> members(TenantId tenant);

    Optional<Member> member(TenantId tenant, MemberId member);

    /** For signing in: looks over all tenants. */
    Optional<Member> memberByMail(String mail);

    Outcome<Member> addMember(TenantId tenant, NewMember member, Actor actor);

    /** A tenant's last owner stays one. */
    Outcome<Member> setRole(TenantId tenant, MemberId member, MemberRole role, Actor actor);

    Outcome<Member> setPassword(TenantId tenant, MemberId member, String passwordHash, Actor actor);

    Outcome<Member> verifyMail(TenantId tenant, MemberId member, Instant at, Actor actor);

    /** A tenant's last owner cannot be removed. */
    Outcome<Member> removeMember(TenantId tenant, MemberId member, Actor actor);

    /**
     * Changes of one tenant, newest first.
     *
     * @param before the id of the last one of the page before; null for the first page
     */
    List<AuditRecord> audit(TenantId tenant, @Nullable Long before, int limit);

    /** By name. */
    List<RouteEntry> routes();

    /**
     * Declares a route to one of the installation's own services, or replaces it; a declaration that changes nothing makes no
     * new version.
     */
    Outcome<RouteEntry> declareRoute(RouteDeclaration declaration, Actor actor);
}
