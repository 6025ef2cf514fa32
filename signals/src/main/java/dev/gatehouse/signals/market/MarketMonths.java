package dev.gatehouse.signals.market;

import dev.gatehouse.signals.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An area's figures as they are kept: sums by month, from its first month on, and the medians of one kind of period by the
 * period's first month.
 */
public record MarketMonths(List<MonthSums> months, Period period, Map<YearMonth, Medians> medians) {
    private static final int MONEY = 2;
    private static final int DAYS = 1;
    private static final int RATIO = 4;
    private static final int CENTS = 2;
    private static final int PARTS = 6;

    public MarketMonths {
        months = List.copyOf(months);
        medians = Map.copyOf(medians);
    }

    /** The first and the last month with any figures; null when there are none yet. */
    public @Nullable YearMonth first() {
        return months.isEmpty() ? null : months.getFirst().month();
    }

    public @Nullable YearMonth last() {
        return months.isEmpty() ? null : months.getLast().month();
    }

    /**
     * Every period between two months, also those in which nothing happened.
     *
     * @param from any month of the first period
     * @param to any month of the last
     */
    public List<MarketPeriod> between(YearMonth from, YearMonth to) {
        TreeMap<YearMonth, MonthSums> sums = new TreeMap<>();
        for (MonthSums month : months) {
            YearMonth start = period.start(month.month());
            MonthSums known = sums.getOrDefault(start, MonthSums.nothing(start));
            sums.put(start, Objects.requireNonNull(known).plus(month));
        }
        YearMonth start = period.start(from);
        int inventory = sums.headMap(start, false).values().stream()
                .mapToInt(MonthSums::inventoryChange)
                .sum();
        List<MarketPeriod> periods = new ArrayList<>();
        for (; !start.isAfter(to); start = start.plusMonths(period.months())) {
            MonthSums sum = sums.getOrDefault(start, MonthSums.nothing(start));
            inventory += Objects.requireNonNull(sum).inventoryChange();
            periods.add(period(start, sum, inventory));
        }
        return periods;
    }

    private MarketPeriod period(YearMonth start, MonthSums sum, int inventory) {
        Medians median = Objects.requireNonNull(medians.getOrDefault(start, Medians.NONE));
        return new MarketPeriod(
                start.atDay(1),
                start.plusMonths(period.months() - 1L).atEndOfMonth(),
                sum.newListings(),
                sum.pending(),
                sum.sold(),
                sum.cuts(),
                inventory,
                supply(inventory, sum.sold()),
                dollars(median.price()),
                mean(sum.priceSum(), sum.sold(), CENTS, MONEY),
                dollars(median.rate()),
                mean(sum.rateSum(), sum.rates(), CENTS, MONEY),
                scaled(median.days(), DAYS),
                mean(sum.daySum(), sum.stays(), 0, DAYS),
                mean(BigDecimal.valueOf(sum.ratioSum()), sum.ratios(), PARTS, RATIO));
    }

    /** How many months the homes for sale at the period's end would last at its pace of sales. */
    private @Nullable BigDecimal supply(int inventory, int sold) {
        return sold == 0
                ? null
                : BigDecimal.valueOf((long) inventory * period.months())
                        .divide(BigDecimal.valueOf(sold), 1, RoundingMode.HALF_UP);
    }

    private static @Nullable BigDecimal mean(BigDecimal sum, int count, int decimals, int scale) {
        return count == 0
                ? null
                : sum.divide(BigDecimal.valueOf(count).scaleByPowerOfTen(decimals), scale, RoundingMode.HALF_UP);
    }

    private static @Nullable BigDecimal dollars(@Nullable BigDecimal cents) {
        return cents == null ? null : scaled(cents.movePointLeft(CENTS), MONEY);
    }

    private static @Nullable BigDecimal scaled(@Nullable BigDecimal value, int scale) {
        return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
    }
}
