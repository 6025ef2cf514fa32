package dev.gatehouse.portal.page;

import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageSum;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Calls by UTC day as bars on a zero line, days without a call included. */
public record DayBars(List<Day> days, long highest) {
    /** Drawing units, so that a bar's place needs no style attribute. */
    public static final int HEIGHT = 100;

    public static final int STEP = 20;
    private static final int BAR = 14;

    /** A day's calls. */
    public record Day(Instant from, long calls, long failed, long units) {}

    /**
     * @param sums by day
     * @param now the last day holds it
     */
    static DayBars of(List<UsageSum> sums, int count, Instant now, Predicate<UsageSum> wanted) {
        Instant first = Bucket.DAY.slot(now).minus(Duration.ofDays(count - 1L));
        List<Day> days = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Instant from = first.plus(Duration.ofDays(i));
            long calls = 0;
            long failed = 0;
            long units = 0;
            for (UsageSum sum : sums) {
                if (sum.from().equals(from) && wanted.test(sum)) {
                    calls += sum.calls();
                    units += sum.units();
                    failed += Objects.requireNonNullElse(sum.status(), 0) >= 400 ? sum.calls() : 0;
                }
            }
            days.add(new Day(from, calls, failed, units));
        }
        return new DayBars(
                List.copyOf(days), days.stream().mapToLong(Day::calls).max().orElse(0));
    }

    public boolean isEmpty() {
        return highest == 0;
    }

    public long calls() {
        return days.stream().mapToLong(Day::calls).sum();
    }

    public int width() {
        return days.size() * STEP;
    }

    public String x(int index) {
        return Integer.toString(index * STEP + (STEP - BAR) / 2);
    }

    public String barWidth() {
        return Integer.toString(BAR);
    }

    /** Height of a part of a day; what is there is at least visible. */
    public String height(long value) {
        return highest == 0 || value == 0
                ? "0"
                : Long.toString(Math.max(1, Math.round((double) value * HEIGHT / highest)));
    }

    public String top(long value) {
        return Long.toString(HEIGHT - Long.parseLong(height(value)));
    }
}
