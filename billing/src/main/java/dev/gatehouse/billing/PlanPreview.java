package dev.gatehouse.billing;

import dev.gatehouse.kernel.money.Money;
import java.time.Instant;

/**
 * What a change of plan would do to the running month's bill.
 *
 * @param at when the plan would change: now
 * @param stayingTotal estimated total at month end without the change
 * @param changingTotal estimated total at month end with it, fees and included units prorated by the second
 * @param charge what the rest of the month costs in fees of the new plan
 * @param credit the fee of the old plan that is not charged for the rest of the month
 * @param changed the draft as it would stand right after the change
 */
public record PlanPreview(
        String plan,
        Instant at,
        Money stayingTotal,
        Money changingTotal,
        Money charge,
        Money credit,
        DraftInvoice changed) {}
