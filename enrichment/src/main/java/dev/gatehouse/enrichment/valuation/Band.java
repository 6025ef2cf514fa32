package dev.gatehouse.enrichment.valuation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far sales fall from their values, learned from sales that the model had not seen. An error is divided by how much the
 * comparables disagree, so that a home among unlike ones gets a wider band; the quantiles of those ratios make the band
 * (split conformal prediction with a normalised score: Lei et al., Distribution-Free Predictive Inference for Regression,
 * 2018).
 *
 * @param below the ratio that a tenth of the sales fell below, negative
 * @param above the ratio that a tenth of the sales rose above
 * @param edges of the classes of disagreement, rising
 * @param near in each class the share of sales within 10 % of their values; one more than edges
 */
public record Band(double below, double above, List<Double> edges, List<Double> near) {
    /** The share of sales that the band is made to hold. */
    public static final double NOMINAL = 0.8;

    static final double NEAR = 0.10;
    private static final int CLASSES = 5;

    public Band {
        edges = List.copyOf(edges);
        near = List.copyOf(near);
        if (near.size() != edges.size() + 1) {
            throw new IllegalArgumentException("a share for each class");
        }
    }

    /** One error of the measurement: of the logarithm of the price, and the comparables' disagreement. */
    record Miss(double error, double disagreement) {
        boolean isNear() {
            return Math.abs(Math.expm1(-error)) <= NEAR;
        }
    }

    static Band of(List<Miss> misses) {
        double[] ratios = misses.stream()
                .mapToDouble(miss -> miss.error() / miss.disagreement())
                .sorted()
                .toArray();
        double[] widths =
                misses.stream().mapToDouble(Miss::disagreement).sorted().toArray();
        double tail = (1 - NOMINAL) / 2;
        List<Double> edges = IntStream.range(1, CLASSES)
                .mapToObj(i -> quantile(widths, i / (double) CLASSES))
                .toList();
        double[] inClass = new double[CLASSES];
        double[] close = new double[CLASSES];
        for (Miss miss : misses) {
            int at = classOf(edges, miss.disagreement());
            inClass[at]++;
            close[at] += miss.isNear() ? 1 : 0;
        }
        List<Double> near = IntStream.range(0, CLASSES)
                .mapToObj(i -> inClass[i] == 0 ? 0 : close[i] / inClass[i])
                .toList();
        return new Band(quantile(ratios, tail), quantile(ratios, 1 - tail), edges, near);
    }

    double confidence(double disagreement) {
        return near.get(classOf(edges, disagreement));
    }

    private static int classOf(List<Double> edges, double disagreement) {
        int at = 0;
        while (at < edges.size() && disagreement > edges.get(at)) {
            at++;
        }
        return at;
    }

    static double quantile(double[] sorted, double share) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return quantile(sorted, 0.5);
    }
}
