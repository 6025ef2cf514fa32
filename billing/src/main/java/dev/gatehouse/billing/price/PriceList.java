package dev.gatehouse.billing.price;

import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.plan.Plan;

/**
 * A version of a plan's prices. It never changes: other prices are another version.
 *
 * @param plan the plan's slug
 * @param version counts from 1 within a plan
 * @param baseFee price of a whole period, in the currency's own decimals
 * @param includedUnits units of a whole period that the fee covers
 * @param overage price of the units past them, in the fee's currency
 */
public record PriceList(String plan, int version, Money baseFee, long includedUnits, UnitPrice overage) {

    public PriceList {
        if (version < 1) {
            throw new IllegalArgumentException("version is " + version + ": must be 1 or more");
        }
        if (includedUnits < 0) {
            throw new IllegalArgumentException("includedUnits is " + includedUnits + ": must not be negative");
        }
        if (baseFee.amount().signum() < 0) {
            throw new IllegalArgumentException("baseFee is " + baseFee + ": must not be negative");
        }
        int decimals = baseFee.currency().getDefaultFractionDigits();
        if (baseFee.amount().stripTrailingZeros().scale() > decimals) {
            throw new IllegalArgumentException(
                    "baseFee is " + baseFee + ": " + baseFee.currency() + " has " + decimals + " decimals");
        }
    }

    /** The prices that a plan states. */
    public static PriceList of(Plan plan, int version) {
        if (!plan.monthlyFee().currency().equals(plan.overagePer1000().currency())) {
            throw new IllegalArgumentException("overagePer1000 of " + plan.slug() + " is in "
                    + plan.overagePer1000().currency() + ": must be in the fee's currency, "
                    + plan.monthlyFee().currency());
        }
        return new PriceList(
                plan.slug(),
                version,
                plan.monthlyFee(),
                plan.includedUnits(),
                new UnitPrice.Flat(plan.overagePer1000().amount()));
    }
}
