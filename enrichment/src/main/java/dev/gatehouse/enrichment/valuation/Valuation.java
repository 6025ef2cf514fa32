package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;
import java.util.List;

/**
 * What a home is worth. The value is the weighted geometric mean of the comparables' adjusted prices, so that anyone can
 * work it out again from the answer.
 *
 * @param value US dollars
 * @param low with {@code high} the band that held {@link Band#NOMINAL} of the sales by which it was measured
 * @param confidence the share of homes with a band about as wide whose sale fell within 10 % of the value, 0 to 1
 * @param asOf the day for which it holds: the last one of which the market's sales are known
 */
public record Valuation(
        double value, double low, double high, double confidence, LocalDate asOf, List<Comparable> comparables) {
    public Valuation {
        comparables = List.copyOf(comparables);
    }
}
