package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.plan.Limits;

/**
 * What a caller may take, in units.
 *
 * @param limits the tenant's quota and bucket as they are in force now
 * @param keyDaily the key's share of the quota; {@link #NO_SHARE} when the key may use all of it
 */
public record Allowance(Limits limits, long keyDaily) {
    public static final long NO_SHARE = 0;

    /** The allowance of a key that may use {@code percent} of its tenant's quota, at least one unit. */
    public static Allowance share(Limits limits, int percent) {
        return new Allowance(limits, Math.max(1, limits.daily() * percent / 100));
    }

    public boolean hasShare() {
        return keyDaily != NO_SHARE;
    }
}
