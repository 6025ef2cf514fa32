package dev.gatehouse.directory;

import java.time.Instant;

/**
 * A tenant came onto a plan.
 *
 * @param at when
 * @param plan the plan's slug
 */
public record PlanChange(Instant at, String plan) {}
