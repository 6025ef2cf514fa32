package dev.gatehouse.billing;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.LedgerCut;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of an invoice, with all that its amount was computed from.
 *
 * @param number its place on the invoice, from 1
 * @param term the time and the prices that it is about; of an adjustment that of the line it corrects, of a line by an
 *     operator the period's last
 * @param amount rounded once, by {@link Money#rounded()}
 */
public record InvoiceLine(int number, Kind kind, Term term, Money amount, Derivation derivation) {

    public enum Kind {
        /** The fee of a term. */
        BASE_FEE,
        /** The calls of a term. */
        USAGE,
        /** The calls of one operation that has a price of its own. */
        OPERATION,
        /** What is taken off a term's fee and calls. */
        DISCOUNT,
        /** What is missing to the minimum of a term. */
        MINIMUM,
        /** Corrects a line of an earlier, final invoice. */
        ADJUSTMENT,
        /** Put on by an operator. */
        ONE_OFF,
        /** What an earlier invoice came to below zero, given back. */
        CREDIT,
        /** What this invoice comes to below zero, carried over to the next. */
        CARRIED_OVER
    }

    /** How the amount came about. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Derivation.Prorated.class, name = "prorated"),
        @JsonSubTypes.Type(value = Derivation.Counted.class, name = "counted"),
        @JsonSubTypes.Type(value = Derivation.Discounted.class, name = "discounted"),
        @JsonSubTypes.Type(value = Derivation.ToppedUp.class, name = "toppedUp"),
        @JsonSubTypes.Type(value = Derivation.Corrected.class, name = "corrected"),
        @JsonSubTypes.Type(value = Derivation.Stated.class, name = "stated"),
        @JsonSubTypes.Type(value = Derivation.Credited.class, name = "credited"),
        @JsonSubTypes.Type(value = Derivation.CarriedOver.class, name = "carriedOver")
    })
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
         * @param operation the one operation that is counted; null where it is all that have no price of their own
         */
        record Counted(
                long calls,
                long units,
                long includedUnits,
                long chargedUnits,
                List<Step> steps,
                List<Share> hours,
                @Nullable String operation)
                implements Derivation {
            public Counted {
                steps = List.copyOf(steps);
                hours = List.copyOf(hours);
            }
        }

        /**
         * A part of the term's lines before it, taken off.
         *
         * @param of the sum of those lines
         */
        record Discounted(Money of, BigDecimal percent) implements Derivation {}

        /**
         * Minimum × seconds of the term ÷ seconds of the period − what the term's lines before it come to.
         *
         * @param minimum of a whole period
         * @param reached the sum of those lines
         */
        record ToppedUp(Money minimum, long seconds, long ofSeconds, Money reached) implements Derivation {}

        /**
         * What a line of an earlier invoice comes to now − what it was charged at, adjustments before this one included.
         *
         * @param invoice the invoice that it corrects
         * @param number that invoice's number
         * @param line the number of the line there
         * @param calls how many calls came, or went, since
         * @param units what they count
         * @param charged what was charged so far
         * @param now what it comes to with them
         * @param after the cut up to which the earlier charge counted
         * @param hours where the units come from
         */
        record Corrected(
                InvoiceId invoice,
                String number,
                int line,
                long calls,
                long units,
                Money charged,
                Money now,
                LedgerCut after,
                List<UsageHour> hours)
                implements Derivation {
            public Corrected {
                hours = List.copyOf(hours);
            }
        }

        /**
         * An operator's word.
         *
         * @param text for the tenant to read
         * @param reason why, for the audit
         */
        record Stated(String id, String text, String reason, String operator) implements Derivation {}

        /**
         * What an earlier invoice carried over.
         *
         * @param invoice the invoice that came to less than nothing
         * @param number that invoice's number
         */
        record Credited(InvoiceId invoice, String number) implements Derivation {}

        /**
         * What the lines before it come to, which is less than nothing: the invoice is over nothing then.
         *
         * @param of the sum of those lines
         */
        record CarriedOver(Money of) implements Derivation {}
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
