package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trained model of one market: log price as a linear function of a home's {@link Features}, and the {@link Band} that its
 * errors make. Values are homes' own by {@link #value}.
 *
 * @param market as in {@code lucas-oh}
 * @param version rises with each training of the market
 * @param origin the day from which the trend counts years
 * @param through the last day whose sales it has seen
 * @param sales that it was trained on
 * @param intercept of the regression
 * @param coefficients by {@link Features#NAMES}
 * @param accuracy null when there were too few later sales to judge by
 */
public record HedonicModel(
        String market,
        int version,
        LocalDate origin,
        LocalDate through,
        int sales,
        double intercept,
        List<Double> coefficients,
        Band band,
        @Nullable Accuracy accuracy) {

    /** The kind of model, which every answer names. */
    public static final String NAME = "comparables-hedonic";

    public HedonicModel {
        coefficients = List.copyOf(coefficients);
        if (coefficients.size() != Features.NAMES.size()) {
            throw new IllegalArgumentException("a model of other features than this program's");
        }
    }

    /** Market and version, as in {@code lucas-oh.3}. */
    public String id() {
        return market + "." + version;
    }

    HedonicModel withVersion(int number, Band measured, @Nullable Accuracy judged) {
        return new HedonicModel(market, number, origin, through, sales, intercept, coefficients, measured, judged);
    }

    /** What the regression alone says, as a logarithm. */
    double logPrice(Subject home, LocalDate date) {
        double[] features = Features.of(home, date, origin);
        double sum = intercept;
        for (int i = 0; i < features.length; i++) {
            sum += coefficients.get(i) * features[i];
        }
        return sum;
    }

    double residual(Sale sale) {
        return Math.log(sale.price()) - logPrice(sale.home(), sale.date());
    }

    /**
     * Values a home by sales around it.
     *
     * @param around sales of other homes of the same market, nearest first; at most {@link #lookedAt} are of use
     * @return empty when there are fewer than five
     */
    public Optional<Valuation> value(Subject home, LocalDate asOf, List<Sale> around) {
        return valueNear(
                home,
                asOf,
                around.stream()
                        .map(sale -> new SaleGrid.Near(sale, home.metresTo(sale.home())))
                        .toList());
    }

    /** How many sales around a home {@link #value} looks at. */
    public static int lookedAt() {
        return Comparison.LOOKED_AT;
    }

    Optional<Valuation> valueNear(Subject home, LocalDate asOf, List<SaleGrid.Near> around) {
        if (around.size() < Comparison.FEWEST) {
            return Optional.empty();
        }
        Comparison.Chosen chosen = Comparison.choose(home, asOf, around);
        double[] residuals = chosen.sales().stream()
                .mapToDouble(near -> residual(near.sale()))
                .toArray();
        double[] weights = Comparison.robust(chosen.weights(), residuals);
        double base = logPrice(home, asOf);
        double log = base + Comparison.mean(weights, residuals);
        double disagreement = Comparison.disagreement(weights, residuals);
        List<Comparable> comparables = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            SaleGrid.Near near = chosen.sales().get(i);
            comparables.add(new Comparable(near.sale(), near.distance(), Math.exp(base + residuals[i]), weights[i]));
        }
        comparables.sort(Comparator.comparingDouble(Comparable::weight).reversed());
        return Optional.of(new Valuation(
                Math.exp(log),
                Math.exp(log + band.below() * disagreement),
                Math.exp(log + band.above() * disagreement),
                band.confidence(disagreement),
                asOf,
                comparables));
    }

    /** {@link Comparison#disagreement} of a home's comparables. */
    double disagreement(Subject home, LocalDate asOf, List<SaleGrid.Near> around) {
        Comparison.Chosen chosen = Comparison.choose(home, asOf, around);
        double[] residuals = chosen.sales().stream()
                .mapToDouble(near -> residual(near.sale()))
                .toArray();
        return Comparison.disagreement(Comparison.robust(chosen.weights(), residuals), residuals);
    }
}
