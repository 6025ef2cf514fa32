package dev.gatehouse.metering;

import java.time.Instant;

/**
 * Billable calls of one hour, plan and operation.
 *
 * @param hour its beginning
 * @param plan the slug of the plan under which the calls were admitted
 */
public record BillableHour(Instant hour, String plan, String operation, long calls, long units) {}
