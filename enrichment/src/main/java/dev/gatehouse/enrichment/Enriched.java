package dev.gatehouse.enrichment;

import dev.gatehouse.enrichment.valuation.Valuation;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is said of one home.
 *
 * @param area null when nothing is known of sales around
 * @param valued null when the home cannot be valued
 * @param unvalued why not, in one word, as in {@code too_few_comparables}; null when it is valued
 */
public record Enriched(
        Home home,
        @Nullable AreaFigures area,
        @Nullable Valued valued,
        @Nullable String unvalued) {

    /** A value, and the model that it comes from. */
    public record Valued(Valuation valuation, ModelFacts model) {}

    /**
     * @param name the kind of model
     * @param version of the market's, as in {@code lucas-oh.3}
     * @param trainedThrough the last day whose sales it was trained on, ISO 8601
     * @param sales that it was trained on
     * @param medianError as judged by later sales; null when there were too few to judge by
     * @param inBand the share of those between low and high
     */
    public record ModelFacts(
            String name,
            String version,
            String trainedThrough,
            int sales,
            @Nullable Double medianError,
            @Nullable Double inBand) {}
}
