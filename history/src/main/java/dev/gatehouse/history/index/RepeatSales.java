package dev.gatehouse.history.index;

import dev.gatehouse.history.index.PriceIndex.Month;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.jspecify.annotations.Nullable;

/**
 * The weighted repeat-sales regression of Case and Shiller. A home that was sold in month s and again in month t says that the
 * logarithm of its price rose by β(t) − β(s), up to an error. Three stages: ordinary least squares on a dummy for each month;
 * the squared residuals regressed on a constant and the months between the two sales, as the longer a home was held, the more
 * there is beside the market that moved its price; least squares again, each pair weighted by the inverse of the variance
 * that the second stage expects of it. The standard errors are those of the third stage.
 *
 * <p>The normal equations need of all pairs with the same two months only their number, sum and sum of squares, so that
 * the work after grouping depends on the number of months alone.
 *
 * <p>A month of which fewer than {@value #FEWEST} pairs tell takes part in the regression, and is not shown.
 *
 * @see <a href="https://www.nber.org/papers/w2393">K. Case, R. Shiller, Prices of Single Family Homes Since 1970, NBER 2393</a>
 */
public final class RepeatSales {
    /** Pairs that a month needs to be shown. */
    public static final int FEWEST = 30;

    /** Why a month is not shown. */
    public static final String INSUFFICIENT = "insufficient data";

    /** Why a month is not shown although it has pairs enough: no chain of pairs leads to the base month. */
    public static final String UNLINKED = "no pairs link this month to the base month";

    private static final double LEAST_VARIANCE = 1e-6;

    private final List<PairGroup> groups;
    private final Map<Integer, Long> pairsOf = new TreeMap<>();
    private final Map<Integer, Integer> parent = new HashMap<>();

    private RepeatSales(List<PairGroup> groups) {
        this.groups = groups;
        for (PairGroup group : groups) {
            if (group.first() >= group.second()) {
                throw new IllegalArgumentException("a pair's second sale is in a later month: " + group);
            }
            pairsOf.merge(group.first(), group.pairs(), Long::sum);
            pairsOf.merge(group.second(), group.pairs(), Long::sum);
            parent.merge(root(group.first()), root(group.second()), (old, now) -> now);
        }
    }

    /** @param groups at most one of the same two months */
    public static PriceIndex of(List<PairGroup> groups) {
        return new RepeatSales(groups).index();
    }

    private PriceIndex index() {
        long all = groups.stream().mapToLong(PairGroup::pairs).sum();
        int component = largestComponent();
        Integer base = null;
        Map<Integer, Integer> column = new HashMap<>();
        for (Map.Entry<Integer, Long> month : pairsOf.entrySet()) {
            if (root(month.getKey()) == component) {
                if (base == null && month.getValue() >= FEWEST) {
                    base = month.getKey();
                } else {
                    column.put(month.getKey(), column.size());
                }
            }
        }
        if (base == null) {
            return new PriceIndex(all, null, months(Map.of(), null));
        }
        return new PriceIndex(all, yearMonth(base), months(levels(component, base, column), base));
    }

    private record Level(double log, double variance) {}

    private Map<Integer, Level> levels(int component, int base, Map<Integer, Integer> column) {
        List<PairGroup> linked = groups.stream()
                .filter(group -> root(group.first()) == component)
                .toList();
        double[] even = new double[linked.size()];
        Arrays.fill(even, 1);
        double[] first = solve(linked, even, column).solution();
        double[] weights = weights(linked, first, column);
        Solved solved = solve(linked, weights, column);
        double scale = scale(linked, weights, solved.solution(), column);
        Map<Integer, Level> levels = new HashMap<>();
        levels.put(base, new Level(0, 0));
        column.forEach((month, at) -> levels.put(
                month, new Level(solved.solution()[at], scale * solved.inverse().getEntry(at, at))));
        return levels;
    }

    private record Solved(double[] solution, RealMatrix inverse) {}

    private static Solved solve(List<PairGroup> groups, double[] weights, Map<Integer, Integer> column) {
        int size = column.size();
        double[][] normal = new double[size][size];
        double[] right = new double[size];
        for (int i = 0; i < groups.size(); i++) {
            PairGroup group = groups.get(i);
            Integer from = column.get(group.first());
            Integer to = column.get(group.second());
            double mass = weights[i] * group.pairs();
            if (from != null) {
                normal[from][from] += mass;
                right[from] -= weights[i] * group.sum();
            }
            if (to != null) {
                normal[to][to] += mass;
                right[to] += weights[i] * group.sum();
            }
            if (from != null && to != null) {
                normal[from][to] -= mass;
                normal[to][from] -= mass;
            }
        }
        if (size == 0) {
            return new Solved(right, new Array2DRowRealMatrix());
        }
        DecompositionSolver solver = new CholeskyDecomposition(new Array2DRowRealMatrix(normal, false)).getSolver();
        RealVector solution = solver.solve(new ArrayRealVector(right, false));
        return new Solved(solution.toArray(), solver.solve(MatrixUtils.createRealIdentityMatrix(size)));
    }

    /** The inverse of the variance that is expected of each group's pairs, by the months between their sales. */
    private static double[] weights(List<PairGroup> groups, double[] solution, Map<Integer, Integer> column) {
        double pairs = 0;
        double gaps = 0;
        double squares = 0;
        for (PairGroup group : groups) {
            pairs += group.pairs();
            gaps += group.pairs() * gap(group);
            squares += residualSquares(group, solution, column);
        }
        double meanGap = gaps / pairs;
        double mean = squares / pairs;
        double covariance = 0;
        double spread = 0;
        for (PairGroup group : groups) {
            double distance = gap(group) - meanGap;
            covariance += distance * (residualSquares(group, solution, column) - group.pairs() * mean);
            spread += group.pairs() * distance * distance;
        }
        // a variance that falls with time would be chance: then all pairs count the same
        double slope = spread > 0 ? Math.max(0, covariance / spread) : 0;
        double atZero = Math.max(mean - slope * meanGap, 0.05 * mean);
        double[] weights = new double[groups.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 1 / Math.max(atZero + slope * gap(groups.get(i)), LEAST_VARIANCE);
        }
        return weights;
    }

    private static double scale(
            List<PairGroup> groups, double[] weights, double[] solution, Map<Integer, Integer> column) {
        double squares = 0;
        long pairs = 0;
        for (int i = 0; i < weights.length; i++) {
            squares += weights[i] * residualSquares(groups.get(i), solution, column);
            pairs += groups.get(i).pairs();
        }
        return squares / Math.max(1, pairs - solution.length);
    }

    /** The sum over a group's pairs of what the solution leaves unexplained, squared. */
    private static double residualSquares(PairGroup group, double[] solution, Map<Integer, Integer> column) {
        Integer from = column.get(group.first());
        Integer to = column.get(group.second());
        double expected = (to == null ? 0 : solution[to]) - (from == null ? 0 : solution[from]);
        return Math.max(0, group.sumOfSquares() - 2 * expected * group.sum() + group.pairs() * expected * expected);
    }

    private static double gap(PairGroup group) {
        return group.second() - group.first();
    }

    private List<Month> months(Map<Integer, Level> levels, @Nullable Integer base) {
        List<Month> months = new ArrayList<>();
        if (pairsOf.isEmpty()) {
            return months;
        }
        TreeMap<Integer, Long> known = new TreeMap<>(pairsOf);
        for (int month = known.firstKey(); month <= known.lastKey(); month++) {
            long pairs = known.getOrDefault(month, 0L);
            Level level = levels.get(month);
            if (pairs < FEWEST) {
                months.add(new Month(yearMonth(month), pairs, null, null, INSUFFICIENT));
            } else if (level == null) {
                months.add(new Month(yearMonth(month), pairs, null, null, base == null ? INSUFFICIENT : UNLINKED));
            } else {
                double index = 100 * Math.exp(level.log());
                months.add(new Month(yearMonth(month), pairs, index, index * Math.sqrt(level.variance()), null));
            }
        }
        return months;
    }

    /** The months that are linked to one another by the most pairs. */
    private int largestComponent() {
        Map<Integer, Long> pairs = new TreeMap<>();
        groups.forEach(group -> pairs.merge(root(group.first()), group.pairs(), Long::sum));
        return pairs.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(-1);
    }

    private int root(int month) {
        int at = month;
        while (true) {
            int above = parent.computeIfAbsent(at, self -> self);
            if (above == at) {
                return at;
            }
            at = above;
        }
    }

    private static YearMonth yearMonth(int month) {
        return YearMonth.of(month / 12, month % 12 + 1);
    }
}
