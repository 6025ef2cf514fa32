package dev.gatehouse.history.index;

import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a home that never changes costs, month by month.
 *
 * @param pairs from which it was made
 * @param base the month whose level is 100; null when no month has enough pairs
 * @param months from the first to the last month with a sale of a pair, without gaps
 */
public record PriceIndex(long pairs, @Nullable YearMonth base, List<Month> months) {

    public PriceIndex {
        months = List.copyOf(months);
    }

    /**
     * @param pairs of which one sale is in this month
     * @param level null where it cannot be said
     * @param standardError of the level; 0 in the base month
     * @param reason why there is no level
     */
    public record Month(
            YearMonth month,
            long pairs,
            @Nullable Double level,
            @Nullable Double standardError,
            @Nullable String reason) {}
}
