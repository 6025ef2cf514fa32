package dev.gatehouse.billing;

import java.time.Instant;

/**
 * Billable calls of one hour, as the ledger sums them up.
 *
 * @param hour its beginning
 * @param plan the slug of the plan under which the calls were admitted
 * @param operation the description's operation id
 * @param calls how many
 * @param units what they count
 */
public record UsageHour(Instant hour, String plan, String operation, long calls, long units) {
    public UsageHour {
        if (calls < 0 || units < 0) {
            throw new IllegalArgumentException("an hour cannot count less than nothing: " + calls + ", " + units);
        }
    }
}
