package dev.gatehouse.listings;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * How a home is or was offered: a sale is {@code CLOSED} and has a close price and a close date.
 *
 * @param listPrice asked, in US dollars
 * @param closePrice paid, in US dollars
 * @param contractDate when it came on the market
 */
public record Terms(
        StandardStatus status,
        @Nullable BigDecimal listPrice,
        @Nullable BigDecimal closePrice,
        @Nullable LocalDate contractDate,
        @Nullable LocalDate closeDate) {

    /** What was paid for a closed listing, what is asked for any other. */
    public @Nullable BigDecimal price() {
        return status == StandardStatus.CLOSED && closePrice != null ? closePrice : listPrice;
    }
}
