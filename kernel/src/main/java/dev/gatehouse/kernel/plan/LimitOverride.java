package dev.gatehouse.kernel.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's own values for some limits of its plan; an absent value leaves the plan's in force.
 *
 * @param until the first instant at which the override no longer holds; null for no end
 */
public record LimitOverride(
        @Nullable Long daily,
        @Nullable Long refillPerMinute,
        @Nullable Long burst,
        @Nullable Instant until) {

    public boolean isInForce(Instant now) {
        return until == null || now.isBefore(until);
    }

    public Limits over(Limits plan) {
        return new Limits(
                daily == null ? plan.daily() : daily,
                refillPerMinute == null ? plan.refillPerMinute() : refillPerMinute,
                burst == null ? plan.burst() : burst);
    }
}
