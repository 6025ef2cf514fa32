package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.turn.Turnstile;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.id.TenantId;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Targets that are equal to each other. Of two taken by chance, the one with fewer calls in flight is asked (the power of
 * two choices). Shared by all event loops.
 */
public final class Pool {
    private final String name;
    private final PoolEntry entry;
    private final List<Target> targets;
    private final RetryBudget retries = new RetryBudget();
    private final Turnstile turnstile;

    public Pool(String service, PoolEntry entry) {
        this.entry = entry;
        turnstile = new Turnstile(entry.maxConcurrent());
        name = service + "/" + entry.name();
        targets = entry.targets().stream().map(Target::new).toList();
    }

    /** As problems and logs name it: {@code service/pool}. */
    public String name() {
        return name;
    }

    public PoolEntry entry() {
        return entry;
    }

    public List<Target> targets() {
        return targets;
    }

    /** Who may go to it now, and who waits. */
    public Turnstile turnstile() {
        return turnstile;
    }

    public RetryBudget retries() {
        return retries;
    }

    /**
     * Begins an attempt at the target that is best off; null when each is unwell, or fails, or fails this tenant or path.
     *
     * @param operation the operation's id
     * @param path of the request, without its query
     * @param not a target that has just failed, avoided when there is another
     */
    public @Nullable Attempt begin(
            TenantId tenant, String operation, String path, long nowNanos, @Nullable Target not) {
        // another loop may take a target's trial in between
        for (int tries = 0; tries <= targets.size(); tries++) {
            Attempt best = better(tenant, operation, path, nowNanos, not);
            if (best == null && not != null) {
                best = at(not, tenant, operation, path, nowNanos);
            }
            if (best == null) {
                return null;
            }
            if (best.target().breaker().begins(best, nowNanos)) {
                best.target().inFlight().incrementAndGet();
                return best;
            }
        }
        return null;
    }

    private @Nullable Attempt better(
            TenantId tenant, String operation, String path, long nowNanos, @Nullable Target not) {
        int size = targets.size();
        int start = size == 1 ? 0 : ThreadLocalRandom.current().nextInt(Math.max(1, size));
        Attempt first = null;
        for (int i = 0; i < size; i++) {
            Target target = targets.get((start + i) % size);
            Attempt next = target == not ? null : at(target, tenant, operation, path, nowNanos);
            if (next != null && first != null) {
                return target.inFlight().get() < first.target().inFlight().get() ? next : first;
            }
            first = next == null ? first : next;
        }
        return first;
    }

    private @Nullable Attempt at(Target target, TenantId tenant, String operation, String path, long nowNanos) {
        if (!target.isHealthy()) {
            return null;
        }
        Attempt attempt = new Attempt(this, target, tenant, operation, path, nowNanos);
        return target.breaker().allows(attempt, nowNanos) ? attempt : null;
    }
}
