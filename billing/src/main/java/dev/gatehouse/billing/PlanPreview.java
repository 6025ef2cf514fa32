package dev.gatehouse.billing;

import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
import java.util.List;

/**
 * What a change of plan would do to the running month's bill.
 *
 * @param at when the plan would change: now
 * @param stayingTotal estimated total at month end without the change
 * @param changingTotal estimated total at month end with it, fees prorated by the second
 * @param charge what the rest of the month costs in fees of the new plan
 * @param credit the fee of the old plan that is not charged for the rest of the month
 * @param parts what the two totals are made of; each total is their sum
 * @param changed the draft as it would stand right after the change
 */
public record PlanPreview(
        String plan,
        Instant at,
        Money stayingTotal,
        Money changingTotal,
        Money charge,
        Money credit,
        List<Part> parts,
        DraftInvoice changed) {

    /**
     * A part of both totals.
     *
     * @param what as in {@code Fees}
     */
    public record Part(String what, Money staying, Money changing) {}

    public PlanPreview {
        parts = List.copyOf(parts);
    }
}
