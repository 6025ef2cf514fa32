package dev.gatehouse.signals.market;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one period as callers read them. Money is US dollars; what cannot be said, such as the median of no sales,
 * is null.
 *
 * @param inventory homes for sale at the period's end
 * @param monthsOfSupply inventory by the sales of a month at the period's pace
 * @param closeToListRatio the mean of what was paid by what was asked
 */
public record MarketPeriod(
        LocalDate start,
        LocalDate end,
        int newListings,
        int pending,
        int sold,
        int priceCuts,
        int inventory,
        @Nullable BigDecimal monthsOfSupply,
        @Nullable BigDecimal medianPrice,
        @Nullable BigDecimal meanPrice,
        @Nullable BigDecimal medianPricePerSquareFoot,
        @Nullable BigDecimal meanPricePerSquareFoot,
        @Nullable BigDecimal medianDaysOnMarket,
        @Nullable BigDecimal meanDaysOnMarket,
        @Nullable BigDecimal closeToListRatio) {}
