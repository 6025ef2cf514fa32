package dev.gatehouse.sdk.history;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a home that never changes costs in an area, month by month.
 *
 * @param area in its one way of writing, as in {@code county:lucas-oh}
 * @param base the month whose index is 100; null when no month has enough sales
 * @param pairs of sales of one home that it rests on
 */
public record PriceIndex(
        String area, String method, @Nullable YearMonth base, int pairs, List<Month> months) {
    public PriceIndex {
        months = List.copyOf(months);
    }

    /**
     * @param index null for a month that says why in {@code reason}
     * @param standardError of the index
     * @param n pairs of which one sale is in the month
     */
    public record Month(
            YearMonth month,
            @Nullable BigDecimal index,
            @Nullable BigDecimal standardError,
            int n,
            @Nullable String reason) {}
}
