package dev.gatehouse.portal;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the portal asks of the directory. Every change names who made it, for the directory's own audit record.
 *
 * <p>Refusals are {@link dev.gatehouse.kernel.problem.ProblemException}s whose errors name the fields of {@link NewKey}. A
 * key of another tenant is as unknown as one that does not exist.
 */
public interface Organisations {
    /** A new tenant on the plan that anyone may begin with. */
    Organisation create(String name, String actor);

    Optional<Organisation> find(TenantId tenant);

    /** Ends a tenant: every key of it is revoked and its calls are refused. What it used and owes stays on record. */
    void close(TenantId tenant, String actor);

    /** Puts a tenant on another plan, felt within a second. */
    Organisation changePlan(TenantId tenant, String plan, String actor);

    /** The plans on offer, the smallest first. */
    List<Plan> plans();

    /** @param actor the member's mail address */
    IssuedKey createKey(TenantId tenant, NewKey key, String actor);

    /** All keys of a tenant, the newest first, revoked ones included. */
    List<KeySummary> keys(TenantId tenant);

    /** Answers with 401 from now on; a key that is revoked stays as it is. */
    KeySummary revokeKey(TenantId tenant, KeyId key, String actor);

    /** A new key with the same rights; the old one works for {@code overlap} longer. */
    IssuedKey rotateKey(TenantId tenant, KeyId key, Duration overlap, String actor);
}
