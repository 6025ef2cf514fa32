package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.problem.ProblemCode;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of admission, free of I/O. {@link AdmissionScripts} says the same in Lua, where Redis decides; a test
 * runs both side by side.
 *
 * <p>The bucket is kept as what was taken from it, not as what it holds: a bucket that nobody has used needs no record,
 * and a plan that is raised gives its larger bucket on the very next call. Amounts are counted in ticks, 60,000,000 to
 * the unit, because then a refill of r units a minute is exactly r ticks a microsecond: the refill of any stretch of
 * time is a whole number, nothing is ever rounded, and with bucket B and refill rate r exactly
 * {@code min(N, B + floor(r * t))} of N calls of cost 1 are admitted within t. Lua counts in doubles, which hold whole
 * numbers up to 2^53: exact for buckets up to 150,000,000 units, and to a ten-millionth of a unit beyond.
 */
public final class AdmissionRule {
    /** Ticks of a unit. */
    public static final long TICKS = 60_000_000L;

    /** Microseconds of a UTC day. */
    public static final long DAY_MICROS = 86_400_000_000L;

    /** The wait after which a call is admitted, when there is none. */
    public static final long NEVER = -1;

    private static final long SECOND_MICROS = 1_000_000L;

    private AdmissionRule() {}

    /** What is used at {@code nowMicros} when nothing was taken since: the bucket refills, midnight clears the quota. */
    public static Levels refreshed(Levels last, long refillPerMinute, long nowMicros) {
        long elapsed = Math.max(0, nowMicros - last.atMicros());
        long used = last.bucketUsed();
        if (elapsed > 0 && used > 0) {
            used = used / refillPerMinute < elapsed ? 0 : Math.max(0, used - elapsed * refillPerMinute);
        }
        return isOtherDay(last.atMicros(), nowMicros)
                ? new Levels(nowMicros, used, 0, 0)
                : new Levels(nowMicros, used, last.quotaUsed(), last.keyUsed());
    }

    /** Decides on fresh levels: all or nothing. A call of cost 0 always goes in. */
    public static Admission decide(Levels fresh, Allowance allowance, long cost, boolean degraded) {
        if (cost == 0) {
            return new Admission.Admit(fresh, degraded);
        }
        ProblemCode refusal = refusal(fresh, allowance, cost);
        if (refusal == null) {
            long keyUsed = allowance.hasShare() ? fresh.keyUsed() + cost : 0;
            Levels taken =
                    new Levels(fresh.atMicros(), fresh.bucketUsed() + cost * TICKS, fresh.quotaUsed() + cost, keyUsed);
            return new Admission.Admit(taken, degraded);
        }
        return new Admission.Refuse(refusal, retryAfterSeconds(fresh, allowance, cost), fresh, degraded);
    }

    private static @Nullable ProblemCode refusal(Levels fresh, Allowance allowance, long cost) {
        if (fresh.quotaUsed() + cost > allowance.limits().daily()) {
            return ProblemCode.QUOTA_EXCEEDED;
        }
        if (allowance.hasShare() && fresh.keyUsed() + cost > allowance.keyDaily()) {
            return ProblemCode.KEY_QUOTA_EXCEEDED;
        }
        return bucketDeficit(fresh, allowance, cost) > 0 ? ProblemCode.RATE_LIMITED : null;
    }

    /** Whole seconds after which a lone client's call of this cost is admitted; {@link #NEVER} when it never is. */
    public static long retryAfterSeconds(Levels fresh, Allowance allowance, long cost) {
        boolean overQuota = fresh.quotaUsed() + cost > allowance.limits().daily();
        boolean overShare = allowance.hasShare() && fresh.keyUsed() + cost > allowance.keyDaily();
        boolean neverFits = cost > allowance.limits().daily()
                || cost > allowance.limits().burst()
                || (allowance.hasShare() && cost > allowance.keyDaily());
        if (neverFits) {
            return NEVER;
        }
        long wait = 0;
        if (overQuota || overShare) {
            wait = nextMidnightMicros(fresh.atMicros()) - fresh.atMicros();
        }
        long deficit = bucketDeficit(fresh, allowance, cost);
        if (deficit > 0) {
            wait = Math.max(wait, Math.ceilDiv(deficit, allowance.limits().refillPerMinute()));
        }
        return Math.max(1, Math.ceilDiv(wait, SECOND_MICROS));
    }

    public static long nextMidnightMicros(long atMicros) {
        return (Math.floorDiv(atMicros, DAY_MICROS) + 1) * DAY_MICROS;
    }

    private static long bucketDeficit(Levels fresh, Allowance allowance, long cost) {
        return fresh.bucketUsed() + cost * TICKS - allowance.limits().burst() * TICKS;
    }

    /** A clock that stepped back over midnight must not give a second day's quota. */
    private static boolean isOtherDay(long lastMicros, long nowMicros) {
        long last = Math.floorDiv(lastMicros, DAY_MICROS);
        long now = Math.floorDiv(nowMicros, DAY_MICROS);
        return last != now && last != now + 1;
    }
}
