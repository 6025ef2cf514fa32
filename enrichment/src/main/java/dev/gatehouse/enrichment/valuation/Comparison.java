package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the comparables of a home among the sales around it and weighs them: near, recent, of about the same size and
 * age. What the regression leaves over at each of them, its residual, says how much dearer or cheaper this corner is than
 * the regression knows. A residual far from the others' weighted median loses weight (Cauchy's weight function), so that a
 * sale among relatives or of a ruin does not count.
 *
 * <p>The constants were chosen on sales of 1997 by models trained through 1996, and not looked at again.
 */
final class Comparison {
    /** Sales around a home that are looked at. */
    static final int LOOKED_AT = 100;

    /** Comparables of a value at the most. */
    static final int USED = 20;

    /** Comparables that a value needs at least. */
    static final int FEWEST = 5;

    private static final int BANDWIDTH_AT = 15;
    private static final double LEAST_BANDWIDTH = 200;
    private static final double YEARS = 4;
    private static final double AREA = 0.25;
    private static final double AGE = 12;
    private static final double OUTLYING = 0.2;

    /** @param weights of {@code sales}, together 1, rising with likeness */
    record Chosen(List<SaleGrid.Near> sales, double[] weights) {}

    private Comparison() {}

    /** @param around nearest first */
    static Chosen choose(Subject home, LocalDate asOf, List<SaleGrid.Near> around) {
        if (around.isEmpty()) {
            return new Chosen(List.of(), new double[0]);
        }
        double bandwidth = Math.max(
                LEAST_BANDWIDTH,
                around.get(Math.min(BANDWIDTH_AT, around.size() - 1)).distance());
        record Weighed(SaleGrid.Near near, double weight) {}
        List<Weighed> weighed = new ArrayList<>();
        for (SaleGrid.Near near : around) {
            Subject other = near.sale().home();
            double far = near.distance() / bandwidth;
            double years = Math.abs(Features.years(near.sale().date(), asOf));
            double weight = Math.exp(-far * far / 2
                    - years / YEARS
                    - Math.abs(Math.log(other.livingArea() / home.livingArea())) / AREA
                    - Math.abs(other.yearBuilt() - home.yearBuilt()) / AGE);
            weighed.add(new Weighed(near, weight));
        }
        weighed.sort(Comparator.comparingDouble(Weighed::weight).reversed());
        List<Weighed> best = weighed.subList(0, Math.min(USED, weighed.size()));
        double[] weights = best.stream().mapToDouble(Weighed::weight).toArray();
        return new Chosen(best.stream().map(Weighed::near).toList(), normalised(weights));
    }

    /** The weights again, less for residuals far from the weighted median. */
    static double[] robust(double[] weights, double[] residuals) {
        double median = weightedMedian(weights, residuals);
        double[] robust = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            double off = (residuals[i] - median) / OUTLYING;
            robust[i] = weights[i] / (1 + off * off);
        }
        return normalised(robust);
    }

    static double mean(double[] weights, double[] values) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * values[i];
        }
        return sum;
    }

    /** How much the comparables disagree: the weighted deviation of their residuals, and a floor for what all homes hide. */
    static double disagreement(double[] weights, double[] residuals) {
        double mean = mean(weights, residuals);
        double variance = 0;
        double concentration = 0;
        for (int i = 0; i < weights.length; i++) {
            variance += weights[i] * (residuals[i] - mean) * (residuals[i] - mean);
            concentration += weights[i] * weights[i];
        }
        return Math.sqrt(0.01 + variance * (1 + concentration));
    }

    private static double[] normalised(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        // all so unlike that none weighs anything: then each the same
        return sum > 0
                ? Arrays.stream(weights).map(weight -> weight / sum).toArray()
                : Arrays.stream(weights).map(weight -> 1.0 / weights.length).toArray();
    }

    private static double weightedMedian(double[] weights, double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double sum = 0;
        for (Integer i : order) {
            sum += weights[i];
            if (sum >= 0.5) {
                return values[i];
            }
        }
        return values[order[order.length - 1]];
    }
}
