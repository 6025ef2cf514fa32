package dev.gatehouse.signals.external;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One measure of one area by months, as its source publishes it.
 *
 * @param source who says so, as in {@code texas-housing}
 * @param area by its one name, as in {@code city:austin-tx}
 * @param region the area as the source writes it
 * @param measure what was measured, as in {@code MedianClosePrice}
 * @param unit {@code USD}, {@code homes} or {@code months}
 */
public record ExternalSeries(
        String source, String area, String region, String measure, String unit, List<Month> values) {
    /** The most months that one call takes of a series: a hundred years. */
    public static final int MOST_MONTHS = 1_200;

    public ExternalSeries {
        values = List.copyOf(values);
    }

    /** @param value null where the source left it blank */
    public record Month(YearMonth month, @Nullable BigDecimal value) {}
}
