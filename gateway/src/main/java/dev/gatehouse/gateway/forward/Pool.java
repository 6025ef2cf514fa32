package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.turn.Turnstile;
import dev.gatehouse.kernel.directory.PoolEntry;
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
     * The target to ask; null when each is unwell or fails.
     *
     * @param not a target that has just failed, avoided when there is another
     */
    public @Nullable Target pick(long nowNanos, @Nullable Target not) {
        int size = targets.size();
        if (size == 1) {
            Target only = targets.getFirst();
            return only.isHealthy() && only.breaker().allows(nowNanos) ? only : null;
        }
        int start = ThreadLocalRandom.current().nextInt(Math.max(1, size));
        Target first = next(start, nowNanos, not, null);
        if (first == null) {
            return not != null && not.isHealthy() && not.breaker().allows(nowNanos) ? not : null;
        }
        Target second = next(start + 1 + ThreadLocalRandom.current().nextInt(size - 1), nowNanos, not, first);
        return second != null && second.inFlight().get() < first.inFlight().get() ? second : first;
    }

    private @Nullable Target next(int start, long nowNanos, @Nullable Target not, @Nullable Target norThis) {
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get((start + i) % targets.size());
            if (target != not
                    && target != norThis
                    && target.isHealthy()
                    && target.breaker().allows(nowNanos)) {
                return target;
            }
        }
        return null;
    }
}
