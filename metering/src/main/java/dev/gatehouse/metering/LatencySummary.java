package dev.gatehouse.metering;

/**
 * How long answers took, in milliseconds, each within 1 % of the true value.
 *
 * @param operation whose answers; empty for those of all
 */
public record LatencySummary(
        String operation, long calls, double p50, double p90, double p95, double p99, double max) {}
