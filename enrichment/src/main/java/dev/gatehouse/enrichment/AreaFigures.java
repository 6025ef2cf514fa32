package dev.gatehouse.enrichment;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What homes around were sold for in the twelve months up to a day.
 *
 * @param area by its one name, as in {@code zip:43604}
 * @param through the last day; of the last sale that is known of the area
 * @param sales in these months
 * @param medianPrice US dollars
 * @param medianPricePerSquareFoot null when no living area is known
 */
public record AreaFigures(
        String area,
        LocalDate through,
        int sales,
        BigDecimal medianPrice,
        @Nullable BigDecimal medianPricePerSquareFoot) {}
