package dev.gatehouse.billing;

import dev.gatehouse.billing.price.Term;
import dev.gatehouse.kernel.id.TenantId;
import java.util.List;

/**
 * All that an amount depends on: the same input gives the same draft, for ever.
 *
 * @param terms in the order of time, in the period, of one currency, at least one
 * @param usage in the order of time; an hour, plan and operation at most once
 */
public record RatingInput(TenantId tenant, BillingPeriod period, List<Term> terms, List<UsageHour> usage) {
    public RatingInput {
        terms = List.copyOf(terms);
        usage = List.copyOf(usage);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("terms is empty: nothing is agreed on for " + period);
        }
        Term before = null;
        for (Term term : terms) {
            if (term.from().isBefore(period.from()) || period.to().isBefore(term.to())) {
                throw new IllegalArgumentException("a term lies outside of the period: " + term);
            }
            if (before != null && term.from().isBefore(before.to())) {
                throw new IllegalArgumentException("two terms overlap: " + before + " and " + term);
            }
            if (!term.prices()
                    .baseFee()
                    .currency()
                    .equals(terms.getFirst().prices().baseFee().currency())) {
                throw new IllegalArgumentException("terms are in two currencies: there is no conversion");
            }
            before = term;
        }
        for (UsageHour hour : usage) {
            if (!period.holds(hour.hour())) {
                throw new IllegalArgumentException("an hour lies outside of the period: " + hour.hour());
            }
        }
    }
}
