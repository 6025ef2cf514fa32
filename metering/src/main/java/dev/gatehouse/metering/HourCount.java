package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;

/**
 * A tenant's hour.
 *
 * @param calls admitted ones, whatever their status
 * @param refusals calls that were not let in
 */
public record HourCount(TenantId tenant, Instant hour, long calls, long refusals) {}
