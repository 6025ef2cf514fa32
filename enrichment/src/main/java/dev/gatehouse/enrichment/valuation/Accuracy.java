package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;

/**
 * How good a model is, judged by sales later than everything that it was trained on.
 *
 * @param trainedThrough the last day whose sales the judged model had seen
 * @param from the first judged sale's day
 * @param to the last judged sale's day
 * @param sales that were judged
 * @param medianError the median of |value / price - 1|
 * @param within10 the share of sales within 10 % of their values
 * @param within20 the share within 20 %
 * @param inBand the share between low and high, which {@link Band#NOMINAL} is meant for
 * @param baselineError the median error of the median price per square foot of the same area, on the same sales
 */
public record Accuracy(
        LocalDate trainedThrough,
        LocalDate from,
        LocalDate to,
        int sales,
        double medianError,
        double within10,
        double within20,
        double inBand,
        double baselineError) {}
