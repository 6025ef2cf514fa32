package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.plan.Limits;
import org.jspecify.annotations.Nullable;

/**
 * A node's part of a tenant's allowance while Redis is away.
 *
 * <p>The bucket starts where Redis last left it and refills at the tenant's rate divided by the number of nodes; the
 * quota is the node's part of what Redis last told to remain. A tenant of which the node knows nothing gets 1 % of its
 * quota, divided by the nodes, and a whole bucket. So the nodes together overshoot by at most one bucket each plus 1 % of
 * the quota: what one node does not know of another's calls is at most what came out of the bucket meanwhile. Shares of
 * single keys are not told apart here; the tenant's share bounds them.
 */
final class LocalShare {
    private static final long STEP_MICROS = 1_000_000;

    private final int nodes;
    private final boolean known;
    private final long quotaUsedAtStart;
    private final long startMicros;
    private Levels levels;

    /**
     * @param told by Redis, last
     * @param spent where the share before this one ended; a Redis that comes and goes must not give a fresh bucket each time
     */
    LocalShare(@Nullable Levels told, @Nullable Levels spent, Limits limits, int nodes, long nowMicros) {
        this.nodes = Math.max(1, nodes);
        startMicros = nowMicros;
        known = told != null;
        levels = told == null
                ? Levels.untouched(nowMicros)
                : AdmissionRule.refreshed(told, limits.refillPerMinute(), nowMicros);
        if (spent != null) {
            Levels before =
                    AdmissionRule.refreshed(spent, Math.max(1, limits.refillPerMinute() / this.nodes), nowMicros);
            levels = new Levels(
                    nowMicros,
                    Math.max(levels.bucketUsed(), before.bucketUsed()),
                    Math.max(levels.quotaUsed(), before.quotaUsed()),
                    0);
        }
        quotaUsedAtStart = levels.quotaUsed();
    }

    synchronized Levels levels() {
        return levels;
    }

    synchronized Admission decide(Limits limits, long cost, long nowMicros) {
        long refill = Math.max(1, limits.refillPerMinute() / nodes);
        // event loops read the clock a little before they come here; more than that is a clock that has stepped back
        boolean steppedBack = nowMicros < levels.atMicros() - STEP_MICROS;
        levels = AdmissionRule.refreshed(
                levels, refill, steppedBack ? nowMicros : Math.max(nowMicros, levels.atMicros()));
        Limits share = new Limits(quotaShare(limits), refill, limits.burst());
        Admission decision = AdmissionRule.decide(levels, new Allowance(share, Allowance.NO_SHARE), cost, true);
        levels = decision.levels();
        return decision;
    }

    /** Gives back, or takes more of, what a local decision took. */
    synchronized void settle(long units) {
        levels = new Levels(
                levels.atMicros(),
                Math.max(0, levels.bucketUsed() + units * AdmissionRule.TICKS),
                Math.max(0, levels.quotaUsed() + units),
                0);
    }

    /** Up to which total this node may let today's quota be used. */
    private long quotaShare(Limits limits) {
        boolean sameDay = Math.floorDiv(levels.atMicros(), AdmissionRule.DAY_MICROS)
                == Math.floorDiv(startMicros, AdmissionRule.DAY_MICROS);
        long share;
        if (!sameDay) {
            share = limits.daily() / nodes;
        } else if (known) {
            share = quotaUsedAtStart + Math.max(0, limits.daily() - quotaUsedAtStart) / nodes;
        } else {
            share = limits.daily() / 100 / nodes;
        }
        return Math.max(1, share);
    }
}
