package dev.gatehouse.billing;

import dev.gatehouse.billing.price.Term;
import dev.gatehouse.kernel.money.Money;
import java.util.List;

/**
 * A line of an invoice, with all that its amount was computed from.
 *
 * @param number its place on the invoice, from 1
 * @param term the time and the prices that it is about
 * @param amount rounded once, by {@link Money#rounded()}
 */
public record InvoiceLine(int number, Kind kind, Term term, Money amount, Derivation derivation) {

    public enum Kind {
        /** The fee of a term. */
        BASE_FEE,
        /** The calls of a term. */
        USAGE
    }

    /** How the amount came about. */
    public sealed interface Derivation {
        /**
         * Fee × seconds of the term ÷ seconds of the period.
         *
         * @param fee of a whole period
         */
        record Prorated(Money fee, long seconds, long ofSeconds) implements Derivation {}

        /**
         * Units past the included ones, at the price of their step.
         *
         * @param includedUnits those of a whole period × seconds ÷ seconds, rounded down
         * @param chargedUnits units − included, at least 0
         * @param steps the priced parts; their units add up to the charged ones
         * @param hours where the units come from, in the order of time; they add up to the units
         */
        record Counted(
                long calls, long units, long includedUnits, long chargedUnits, List<Step> steps, List<Share> hours)
                implements Derivation {
            public Counted {
                steps = List.copyOf(steps);
                hours = List.copyOf(hours);
            }
        }
    }

    /**
     * Units that have one price.
     *
     * @param amount exact, not rounded
     */
    public record Step(long units, Money per1000, Money amount) {}

    /**
     * What an hour adds.
     *
     * @param included units that the fee covers
     * @param charged units past them
     */
    public record Share(UsageHour hour, long included, long charged) {}
}
