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
import java.util.function.Predicate;

/**
 * What a tenant is used to, looked at in three ways, since not every tenant lives by the hours of the week. A line runs away
 * only when it does in all of them:
 *
 * <ul>
 *   <li>by hours: for each hour of the week the median of its units over the weeks before. It counts more than twice the sum of
 *       its hours' medians, and more than that sum and three times their spreads. A job that runs at another hour each week
 *       has medians of nothing;
 *   <li>by weeks: the same with the sums of whole weeks, and twice their spread: there are few of them, and one that a job missed
 *       makes it wide. A job that runs once a month has a median of nothing here too;
 *   <li>by months: it counts a fifth more than the time of its length just before, and where it is a part of a month only, than
 *       the most of any time of its length in the weeks before.
 * </ul>
 *
 * <p>A spread is 1.4826 × the median of the distances from the median (the standard deviation where they are normal). And an
 * invoice that counts at most a fifth more than a month before is never held, whatever its lines do.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Median_absolute_deviation">Median absolute deviation</a>
 */
final class Season {
    /** Weeks that are looked at: each day of a month is among them at least once. */
    static final int WEEKS = 8;

    /** Weeks of calls without which nothing can be said: a month has to be among them. */
    private static final int FEWEST = 6;

    private static final int HOURS_A_WEEK = 168;
    private static final double SPREAD = 1.4826;
    private static final int HOUR_SPREADS = 3;
    private static final int WEEK_SPREADS = 2;
    private static final double USUAL_GROWTH = 1.2;
    private static final int SHORTEST_MONTH = 28;
    private static final int LONGEST_MONTH = 31;
    private static final Duration DAY = Duration.ofDays(1);

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
        Duration month = Duration.between(start, invoice.period().to());
        if (invoice.units() <= USUAL_GROWTH * most(daily(history, hour -> true, start), month)) {
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
        Predicate<UsageHour> ours = hour -> counted.operation() == null
                ? !own.contains(hour.operation())
                : hour.operation().equals(counted.operation());
        long[][] units = new long[HOURS_A_WEEK][weeks];
        double[] sums = new double[weeks];
        for (UsageHour hour : history) {
            long back = Duration.between(hour.hour(), start).toHours();
            int week = Math.toIntExact((back - 1) / HOURS_A_WEEK);
            if (ours.test(hour) && back > 0 && week < weeks) {
                units[slot(hour.hour())][week] += hour.units();
                sums[week] += hour.units();
            }
        }
        Usual hours = byHours(line, units);
        Usual ofWeek = Usual.of(sums);
        Duration length = Duration.between(line.term().from(), line.term().to());
        double share = (double) length.toSeconds() / (HOURS_A_WEEK * 3_600L);
        // weeks go up and down each by itself: their spreads add up like the sides of a right angle
        Usual byWeeks = new Usual(ofWeek.expected() * share, ofWeek.spread() * Math.sqrt(share));
        double most = most(daily(history, ours, start), length);
        if (hours.isLeft(counted.units(), HOUR_SPREADS)
                && byWeeks.isLeft(counted.units(), WEEK_SPREADS)
                && counted.units() > USUAL_GROWTH * most) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "Line %d counts %,d units. By this tenant's %d weeks before, %,.0f were to be expected in a time of this length,"
                            + " by its hours of the week %,.0f; a time of this length before brought %,.0f at the most.",
                    line.number(),
                    counted.units(),
                    weeks,
                    byWeeks.expected(),
                    hours.expected(),
                    most));
        }
        return Optional.empty();
    }

    /** What is to be expected, and how far it usually goes from that. */
    private record Usual(double expected, double spread) {
        static Usual of(double[] values) {
            double median = median(values);
            return new Usual(
                    median,
                    SPREAD
                            * median(Arrays.stream(values)
                                    .map(value -> Math.abs(value - median))
                                    .toArray()));
        }

        boolean isLeft(long units, int spreads) {
            return units > 2 * expected && units > expected + spreads * spread;
        }
    }

    private static Usual byHours(InvoiceLine line, long[][] units) {
        Usual[] slots = new Usual[HOURS_A_WEEK];
        for (int slot = 0; slot < HOURS_A_WEEK; slot++) {
            slots[slot] = Usual.of(Arrays.stream(units[slot]).asDoubleStream().toArray());
        }
        double expected = 0;
        double spread = 0;
        for (Instant hour = line.term().from(); hour.isBefore(line.term().to()); hour = hour.plusSeconds(3_600)) {
            expected += slots[slot(hour)].expected();
            spread += slots[slot(hour)].spread();
        }
        return new Usual(expected, spread);
    }

    /** Units by the day, the day before the period first. */
    private static long[] daily(List<UsageHour> history, Predicate<UsageHour> which, Instant start) {
        long[] days = new long[7 * WEEKS];
        for (UsageHour hour : history) {
            long back = Duration.between(hour.hour(), start).toHours();
            int day = Math.toIntExact((back - 1) / 24);
            if (which.test(hour) && back > 0 && day < days.length) {
                days[day] += hour.units();
            }
        }
        return days;
    }

    /**
     * The most that a time of a length brought, in days that are begun. Of a whole month it is the one just before, all
     * of it: any other thirty days may hold a monthly job twice.
     */
    private static double most(long[] days, Duration length) {
        long whole = length.plus(DAY).minusNanos(1).dividedBy(DAY);
        int window = (int) Math.clamp(whole, 1, days.length);
        if (window >= SHORTEST_MONTH) {
            return Arrays.stream(days, 0, LONGEST_MONTH).sum();
        }
        long sum = 0;
        long most = 0;
        for (int day = 0; day < days.length; day++) {
            sum += days[day] - (day >= window ? days[day - window] : 0);
            most = Math.max(most, sum);
        }
        return most;
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
