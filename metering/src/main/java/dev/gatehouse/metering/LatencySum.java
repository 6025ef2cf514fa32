package dev.gatehouse.metering;

import java.time.Instant;

/**
 * How long the answers of one slot took.
 *
 * @param from the slot's beginning
 */
public record LatencySum(Instant from, LatencySummary summary) {}
