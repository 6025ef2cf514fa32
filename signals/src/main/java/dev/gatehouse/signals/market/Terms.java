package dev.gatehouse.signals.market;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * How a home is or was offered.
 *
 * @param status a RESO StandardStatus
 * @param listPrice asked, US dollars
 * @param closePrice paid, US dollars
 * @param contractDate when it came on the market
 * @param enteredAt when it was first stored, which is the next best to say when it came on the market
 */
public record Terms(
        String status,
        @Nullable BigDecimal listPrice,
        @Nullable BigDecimal closePrice,
        @Nullable LocalDate contractDate,
        @Nullable LocalDate closeDate,
        @Nullable Instant enteredAt) {

    /** What was paid for a sold home, what is asked for any other. */
    public @Nullable BigDecimal price() {
        return Phase.of(status) == Phase.SOLD && closePrice != null ? closePrice : listPrice;
    }
}
