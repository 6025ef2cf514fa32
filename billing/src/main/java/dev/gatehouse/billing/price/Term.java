package dev.gatehouse.billing.price;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A time in which a tenant is on a price list.
 *
 * @param from the first instant, in whole seconds
 * @param to the first instant after it, in whole seconds
 * @param phase whether anything is charged in it
 */
public record Term(PriceList prices, Instant from, Instant to, Phase phase) {

    public enum Phase {
        PAID,
        /** Nothing is charged. */
        TRIAL
    }

    public Term {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("to is " + to + ": must be after from, " + from);
        }
        if (from.getNano() != 0 || to.getNano() != 0) {
            throw new IllegalArgumentException("a term begins and ends with a second: " + from + " to " + to);
        }
    }

    /** A paid term. */
    public Term(PriceList prices, Instant from, Instant to) {
        this(prices, from, to, Phase.PAID);
    }

    public long seconds() {
        return Duration.between(from, to).toSeconds();
    }

    /** Whether any instant of the hour that begins at {@code hour} is in this term. */
    public boolean touches(Instant hour) {
        return from.isBefore(hour.plus(Duration.ofHours(1))) && hour.isBefore(to);
    }

    /**
     * The days, by their beginning in UTC, in which a term begins or ends. Only of these does it matter for an amount which
     * hour a call fell into: on all others every hour belongs to the same term.
     */
    public static Set<Instant> splitDays(List<Term> terms) {
        return terms.stream()
                .flatMap(term -> Stream.of(term.from(), term.to()))
                .filter(edge -> !edge.equals(edge.truncatedTo(ChronoUnit.DAYS)))
                .map(edge -> edge.truncatedTo(ChronoUnit.DAYS))
                .collect(Collectors.toUnmodifiableSet());
    }
}
