package dev.gatehouse.gateway.admit;

/**
 * How much is used, right after a decision.
 *
 * @param atMicros the decision's instant in microseconds since 1970, on Redis's clock unless it was a local one
 * @param bucketUsed what is taken out of the bucket and has not flowed back, in ticks of {@link AdmissionRule#TICKS} a
 *     unit; more than the bucket holds after an extra was settled or the bucket was made smaller
 * @param quotaUsed units of the tenant's quota used on the UTC day of {@code atMicros}
 * @param keyUsed the same of the key's share; 0 for a key without one
 */
public record Levels(long atMicros, long bucketUsed, long quotaUsed, long keyUsed) {

    public static Levels untouched(long atMicros) {
        return new Levels(atMicros, 0, 0, 0);
    }

    /** Units that can be taken from a bucket of this size at once. */
    public long bucketRemaining(long burst) {
        return Math.max(0, Math.floorDiv(burst * AdmissionRule.TICKS - bucketUsed, AdmissionRule.TICKS));
    }

    public long quotaRemaining(long daily) {
        return Math.max(0, daily - quotaUsed);
    }

    /** What the bucket holds in thousandths of a unit, below zero when it owes. */
    public long bucketMilli(long burst) {
        return Math.floorDiv(burst * AdmissionRule.TICKS - bucketUsed, AdmissionRule.TICKS / 1000);
    }
}
