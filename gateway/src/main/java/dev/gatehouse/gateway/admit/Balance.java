package dev.gatehouse.gateway.admit;

import org.jspecify.annotations.Nullable;

/**
 * What this process knows of a tenant's levels: the last ones that Redis told and, while Redis is away, the local ones.
 * Shared by all event loops.
 */
public final class Balance {
    private volatile @Nullable Levels told;
    private @Nullable LocalShare local;
    private @Nullable Levels spent;

    /** The last levels that Redis told; null before the first. */
    public @Nullable Levels told() {
        return told;
    }

    void tell(Levels levels) {
        told = levels;
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
