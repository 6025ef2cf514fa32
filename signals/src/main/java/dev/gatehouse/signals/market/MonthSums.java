package dev.gatehouse.signals.market;

import java.math.BigDecimal;
import java.time.YearMonth;

/**
 * What can be added up of a month's figures: cents, days and millionths, as {@link Figures} has them.
 *
 * @param rates sales whose price per square foot is known
 * @param stays sales whose days on the market are known
 * @param ratios sales whose asking price is known
 */
public record MonthSums(
        YearMonth month,
        int newListings,
        int pending,
        int cuts,
        int inventoryChange,
        int sold,
        BigDecimal priceSum,
        int rates,
        BigDecimal rateSum,
        int stays,
        BigDecimal daySum,
        int ratios,
        long ratioSum) {

    public static MonthSums of(YearMonth month, Figures figures) {
        return new MonthSums(
                month,
                figures.newListings(),
                figures.pending(),
                figures.cuts(),
                figures.inventoryChange(),
                figures.sold(),
                figures.prices().sum(),
                figures.rates().count(),
                figures.rates().sum(),
                figures.days().count(),
                figures.days().sum(),
                figures.ratios(),
                figures.ratioSum());
    }

    static MonthSums nothing(YearMonth month) {
        return of(month, new Figures());
    }

    /** Both together, as of this one's month. */
    MonthSums plus(MonthSums other) {
        return new MonthSums(
                month,
                newListings + other.newListings,
                pending + other.pending,
                cuts + other.cuts,
                inventoryChange + other.inventoryChange,
                sold + other.sold,
                priceSum.add(other.priceSum),
                rates + other.rates,
                rateSum.add(other.rateSum),
                stays + other.stays,
                daySum.add(other.daySum),
                ratios + other.ratios,
                ratioSum + other.ratioSum);
    }
}
