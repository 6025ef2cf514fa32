package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.plan.Limits;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of a tenant's levels: the last ones that Redis told and, while Redis is away, the local ones.
 * Shared by all event loops.
 */
public final class Balance {
    private static final long STALE_NANOS = 1_000_000_000L;

    private volatile @Nullable Levels told;
    private volatile long toldNanos;
    private @Nullable LocalShare local;
    private @Nullable Levels spent;

    /** The last levels that Redis told; null before the first. */
    public @Nullable Levels told() {
        return told;
    }

    void tell(Levels levels) {
        toldNanos = System.nanoTime();
        told = levels;
    }

    /**
     * Whether a call of this cost would be refused by what Redis told last and what has flowed back since; for callers that
     * flood, who are not worth a question. A key's own share is not looked at, as the levels may be another key's.
     *
     * @return null when it may be let in, or when nothing was told within the last second
     */
    public Admission.@Nullable Refuse refusedStill(Allowance allowance, long cost, long nowNanos) {
        Levels last = told;
        // asked again once a second, for whatever gave units back elsewhere
        if (last == null || nowNanos - toldNanos > STALE_NANOS) {
            return null;
        }
        Limits limits = allowance.limits();
        // a millisecond for the way that the answer came
        long nowMicros = last.atMicros() + (nowNanos - toldNanos) / 1_000 + 1_000;
        Levels fresh = AdmissionRule.refreshed(last, limits.refillPerMinute(), nowMicros);
        Admission decided = AdmissionRule.decide(fresh, new Allowance(limits, Allowance.NO_SHARE), cost, false);
        return decided instanceof Admission.Refuse refused ? refused : null;
    }

    synchronized LocalShare local(Allowance allowance, int nodes, long nowMicros) {
        LocalShare share = local;
        if (share == null) {
            share = new LocalShare(told, spent, allowance.limits(), nodes, nowMicros);
            local = share;
        }
        return share;
    }

    synchronized void settleLocal(long units) {
        if (local != null) {
            local.settle(units);
        }
    }

    /** Redis is back. What was spent meanwhile is kept: it may go again before it has been charged there. */
    synchronized void endLocal() {
        if (local != null) {
            spent = local.levels();
            local = null;
        }
    }
}
