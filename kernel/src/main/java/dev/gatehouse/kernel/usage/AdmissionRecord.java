package dev.gatehouse.kernel.usage;

/**
 * What admission saw and did, kept so that support can say why. Bucket levels are in thousandths of a unit.
 *
 * @param degraded whether the decision was made without Redis
 */
public record AdmissionRecord(
        long bucketBeforeMilli, long bucketAfterMilli, long quotaUsedBefore, long quotaUsedAfter, boolean degraded) {}
