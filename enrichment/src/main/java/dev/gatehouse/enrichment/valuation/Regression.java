package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;

/**
 * Fits the regression and its corner-by-corner corrections in turns: the corrections of one turn are taken off the prices
 * that the next is fitted to, so that a coefficient does not learn what is only the neighbourhood's. Large errors weigh
 * less (Huber's weights). Columns are standardised and held back a little (ridge), so that a market in which two columns say
 * the same can be fitted, too.
 */
final class Regression {
    private static final int TURNS = 4;
    private static final double HUBER = 0.15;
    private static final double OUTERMOST = 1.2;
    private static final double RIDGE = 1e-2;

    private Regression() {}

    /** @param sales at least as many as there are features, of one market */
    static HedonicModel fit(String market, List<Sale> sales, LocalDate through) {
        int n = sales.size();
        int p = Features.NAMES.size();
        double[][] rows = new double[n][];
        double[] prices = new double[n];
        for (int i = 0; i < n; i++) {
            rows[i] = Features.of(sales.get(i).home(), sales.get(i).date(), through);
            prices[i] = Math.log(sales.get(i).price());
        }
        double[] mean = new double[p];
        double[] spread = new double[p];
        for (int j = 0; j < p; j++) {
            int column = j;
            mean[j] = Arrays.stream(rows)
                    .mapToDouble(row -> row[column])
                    .average()
                    .orElse(0);
            double variance = Arrays.stream(rows)
                    .mapToDouble(row -> Math.pow(row[column] - mean[column], 2))
                    .average()
                    .orElse(0);
            spread[j] = Math.sqrt(variance);
        }
        int[] used = IntStream.range(0, p).filter(j -> spread[j] > 1e-9).toArray();
        Neighbours neighbours = Neighbours.of(sales, through);
        double[] corrections = new double[n];
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        HedonicModel model = null;
        for (int turn = 0; turn < TURNS; turn++) {
            double[] fitted = solve(rows, prices, corrections, weights, mean, spread, used);
            model = new HedonicModel(
                    market,
                    0,
                    through,
                    through,
                    n,
                    fitted[p],
                    list(fitted, p),
                    new Band(0, 0, List.of(), List.of(0.0)),
                    null);
            double[] residuals = new double[n];
            for (int i = 0; i < n; i++) {
                residuals[i] = Math.clamp(model.residual(sales.get(i)), -OUTERMOST, OUTERMOST);
            }
            corrections = neighbours.corrections(residuals);
            for (int i = 0; i < n; i++) {
                double error = Math.abs(residuals[i] - corrections[i]);
                weights[i] = Math.sqrt(1 / Math.max(1, error / HUBER));
            }
        }
        if (model == null) {
            throw new IllegalStateException("no turn was taken");
        }
        return model;
    }

    /** @return coefficients of the plain features, and behind them the intercept */
    private static double[] solve(
            double[][] rows,
            double[] prices,
            double[] corrections,
            double[] weights,
            double[] mean,
            double[] spread,
            int[] used) {
        int n = rows.length;
        double[][] x = new double[n + used.length][used.length + 1];
        double[] y = new double[n + used.length];
        for (int i = 0; i < n; i++) {
            x[i][0] = weights[i];
            for (int k = 0; k < used.length; k++) {
                x[i][k + 1] = weights[i] * (rows[i][used[k]] - mean[used[k]]) / spread[used[k]];
            }
            y[i] = weights[i] * (prices[i] - corrections[i]);
        }
        for (int k = 0; k < used.length; k++) {
            x[n + k][k + 1] = Math.sqrt(RIDGE * n / 1_000);
        }
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.setNoIntercept(true);
        regression.newSampleData(y, x);
        double[] beta = regression.estimateRegressionParameters();
        double[] plain = new double[mean.length + 1];
        double intercept = beta[0];
        for (int k = 0; k < used.length; k++) {
            plain[used[k]] = beta[k + 1] / spread[used[k]];
            intercept -= plain[used[k]] * mean[used[k]];
        }
        plain[mean.length] = intercept;
        return plain;
    }

    private static List<Double> list(double[] fitted, int count) {
        return Arrays.stream(fitted, 0, count).boxed().toList();
    }

    /** Who is compared with whom, the same in every turn. */
    private record Neighbours(int[][] indexes, double[][] weights) {

        static Neighbours of(List<Sale> sales, LocalDate through) {
            SaleGrid grid = new SaleGrid(sales);
            IdentityHashMap<Sale, Integer> places = new IdentityHashMap<>();
            for (int i = 0; i < sales.size(); i++) {
                places.put(sales.get(i), i);
            }
            int[][] indexes = new int[sales.size()][];
            double[][] weights = new double[sales.size()][];
            for (int i = 0; i < sales.size(); i++) {
                Sale sale = sales.get(i);
                Comparison.Chosen chosen = Comparison.choose(
                        sale.home(), through, grid.nearest(sale.home(), sale.propertyKey(), Comparison.LOOKED_AT));
                indexes[i] = chosen.sales().stream()
                        .mapToInt(near -> Objects.requireNonNull(places.get(near.sale())))
                        .toArray();
                weights[i] = chosen.weights();
            }
            return new Neighbours(indexes, weights);
        }

        double[] corrections(double[] residuals) {
            double[] corrections = new double[residuals.length];
            for (int i = 0; i < corrections.length; i++) {
                if (indexes[i].length > 0) {
                    double[] around = Arrays.stream(indexes[i])
                            .mapToDouble(k -> residuals[k])
                            .toArray();
                    corrections[i] = Comparison.mean(Comparison.robust(weights[i], around), around);
                }
            }
            return corrections;
        }
    }
}
