package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.price.Term;
import java.math.BigInteger;
import java.time.Duration;

/**
 * The units that fees cover, from term to term of a period.
 *
 * <p>A term begins with the units of its plan for the time that is left of the period, as if it were to last until its end,
 * and with what the terms before have saved: what their fees paid for, by the second, less what was used of it. Whoever used
 * more than was paid for by then has a debt that later terms make up for; what was covered stays covered. All is reckoned
 * in units × seconds, so that nothing is lost by rounding; what a term begins with is rounded down, once.
 */
final class Included {
    private final BillingPeriod period;
    private final BigInteger seconds;
    private BigInteger saved = BigInteger.ZERO;

    Included(BillingPeriod period) {
        this.period = period;
        this.seconds = BigInteger.valueOf(period.seconds());
    }

    /** What is included when a term begins, if it were to last until the end of the period. */
    long at(Term term) {
        BigInteger left = units(term)
                .multiply(BigInteger.valueOf(
                        Duration.between(term.from(), period.to()).toSeconds()));
        return left.add(saved).max(BigInteger.ZERO).divide(seconds).longValueExact();
    }

    /** A term is over. @param covered how much of what was included it used; of a trial, which pays nothing, nothing counts */
    void end(Term term, long covered) {
        if (term.phase() == Term.Phase.PAID) {
            saved = saved.add(units(term).multiply(BigInteger.valueOf(term.seconds())))
                    .subtract(BigInteger.valueOf(covered).multiply(seconds));
        }
    }

    private static BigInteger units(Term term) {
        return BigInteger.valueOf(term.prices().includedUnits());
    }
}
