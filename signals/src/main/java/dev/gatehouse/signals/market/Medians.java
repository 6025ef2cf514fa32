package dev.gatehouse.signals.market;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The medians of a period; null for the median of nothing.
 *
 * @param price cents
 * @param rate cents for a square foot
 */
public record Medians(
        @Nullable BigDecimal price,
        @Nullable BigDecimal rate,
        @Nullable BigDecimal days) {
    public static final Medians NONE = new Medians(null, null, null);

    public static Medians of(Figures figures) {
        return new Medians(
                figures.prices().median(),
                figures.rates().median(),
                figures.days().median());
    }
}
