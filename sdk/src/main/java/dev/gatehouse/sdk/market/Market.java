package dev.gatehouse.sdk.market;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An area's market.
 *
 * @param area in its one way of writing, as in {@code county:lucas-oh}
 * @param window {@code month}, {@code quarter} or {@code year}
 * @param history the oldest first
 */
@JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
public record Market(String area, String window, List<Period> history) {

    /**
     * The figures of one period; null for what cannot be said, and for what your plan does not include.
     *
     * @param inventory homes for sale at the period's end
     */
    @JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
    public record Period(
            LocalDate periodStart,
            LocalDate periodEnd,
            int newListings,
            int pendingListings,
            int soldListings,
            int priceCuts,
            int inventory,
            @Nullable BigDecimal monthsOfSupply,
            @Nullable BigDecimal medianClosePrice,
            @Nullable BigDecimal meanClosePrice,
            @Nullable BigDecimal medianPricePerSquareFoot,
            @Nullable BigDecimal meanPricePerSquareFoot,
            @Nullable BigDecimal medianDaysOnMarket,
            @Nullable BigDecimal meanDaysOnMarket,
            @Nullable BigDecimal closeToListRatio) {}
}
