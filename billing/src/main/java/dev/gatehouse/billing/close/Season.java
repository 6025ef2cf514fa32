package dev.gatehouse.billing.close;

import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.UsageHour;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a tenant is used to: for each hour of the week the median of its units over the weeks before, and their spread, 1.4826
 * × the median of the distances from it (which is the standard deviation where they are normal). A line runs away when it
 * counts more than twice the sum of its hours' medians, and more than that sum and three times the sum of the spreads.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Median_absolute_deviation">Median absolute deviation</a>
 */
final class Season {
    /** Weeks that are looked at. */
    static final int WEEKS = 8;

    /** Weeks of calls without which nothing can be said. */
    private static final int FEWEST = 4;

    private static final int HOURS_A_WEEK = 168;
    private static final double SPREAD = 1.4826;

    private Season() {}

    /** Where the history of a period begins. */
    static Instant begin(Instant period) {
        return period.minus(Duration.ofDays(7L * WEEKS));
    }

    /**
     * Why an invoice should be looked at; empty when all of its lines are what the tenant is used to, or it is too new.
     *
     * @param history hours from {@link #begin} to the period's beginning; operations without a price of their own may stand
     *     together
     */
    static Optional<String> departure(DraftInvoice invoice, List<UsageHour> history) {
        Instant start = invoice.period().from();
        int weeks = weeks(history, start);
        if (weeks < FEWEST) {
            return Optional.empty();
        }
        for (InvoiceLine line : invoice.lines()) {
            if (line.derivation() instanceof Derivation.Counted counted
                    && line.amount().amount().signum() > 0) {
                Optional<String> why = departure(line, counted, history, start, weeks);
                if (why.isPresent()) {
                    return why;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> departure(
            InvoiceLine line, Derivation.Counted counted, List<UsageHour> history, Instant start, int weeks) {
        Set<String> own = line.term().prices().operations().keySet();
        long[][] units = new long[HOURS_A_WEEK][weeks];
        for (UsageHour hour : history) {
            boolean ours = counted.operation() == null
                    ? !own.contains(hour.operation())
                    : hour.operation().equals(counted.operation());
            long back = Duration.between(hour.hour(), start).toHours();
            int week = Math.toIntExact((back - 1) / HOURS_A_WEEK);
            if (ours && back > 0 && week < weeks) {
                units[slot(hour.hour())][week] += hour.units();
            }
        }
        double[] medians = new double[HOURS_A_WEEK];
        double[] spreads = new double[HOURS_A_WEEK];
        for (int slot = 0; slot < HOURS_A_WEEK; slot++) {
            double[] values = Arrays.stream(units[slot]).asDoubleStream().toArray();
            double median = median(values);
            medians[slot] = median;
            spreads[slot] = SPREAD
                    * median(Arrays.stream(values)
                            .map(value -> Math.abs(value - median))
                            .toArray());
        }
        double expected = 0;
        double spread = 0;
        for (Instant hour = line.term().from(); hour.isBefore(line.term().to()); hour = hour.plusSeconds(3_600)) {
            expected += medians[slot(hour)];
            spread += spreads[slot(hour)];
        }
        if (counted.units() > 2 * expected && counted.units() > expected + 3 * spread) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "Line %d counts %,d units. By the medians of this tenant's hours of the week, %d weeks back, %,.0f were"
                            + " to be expected, with a spread of %,.0f.",
                    line.number(),
                    counted.units(),
                    weeks,
                    expected,
                    spread));
        }
        return Optional.empty();
    }

    private static int weeks(List<UsageHour> history, Instant start) {
        return history.stream()
                .map(UsageHour::hour)
                .min(Instant::compareTo)
                .map(first ->
                        (int) Math.min(WEEKS, Duration.between(first, start).toDays() / 7))
                .orElse(0);
    }

    private static int slot(Instant hour) {
        return Math.toIntExact(Math.floorMod(Math.floorDiv(hour.getEpochSecond(), 3_600), HOURS_A_WEEK));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
