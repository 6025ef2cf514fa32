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
 * @param simulatedPriceFactor times the home's last sale price was the first list price of a simulated listing
 */
public record Terms(
        StandardStatus status,
        @Nullable BigDecimal listPrice,
        @Nullable BigDecimal closePrice,
        @Nullable LocalDate contractDate,
        @Nullable LocalDate closeDate,
        @Nullable BigDecimal simulatedPriceFactor) {

    /** The terms of a listing that nobody simulates. */
    public Terms(
            StandardStatus status,
            @Nullable BigDecimal listPrice,
            @Nullable BigDecimal closePrice,
            @Nullable LocalDate contractDate,
            @Nullable LocalDate closeDate) {
        this(status, listPrice, closePrice, contractDate, closeDate, null);
    }

    /** What was paid for a closed listing, what is asked for any other. */
    public @Nullable BigDecimal price() {
        return status == StandardStatus.CLOSED && closePrice != null ? closePrice : listPrice;
    }
}
