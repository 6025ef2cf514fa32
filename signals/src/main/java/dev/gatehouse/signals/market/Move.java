package dev.gatehouse.signals.market;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A step of a home on the market.
 *
 * @param sequence of the event that said it
 * @param at when it happened
 * @param from the status or the price before; null where none was said
 */
public record Move(
        long sequence,
        Instant at,
        Kind kind,
        @Nullable String from,
        @Nullable String to) {

    /** What changed. */
    public enum Kind {
        /** It was listed; {@code to} is its first status. */
        LISTED,
        STATUS,
        PRICE
    }

    static Move listed(long sequence, Instant at, String status) {
        return new Move(sequence, at, Kind.LISTED, null, status);
    }

    static Move status(long sequence, Instant at, @Nullable String from, String to) {
        return new Move(sequence, at, Kind.STATUS, from, to);
    }

    static Move price(long sequence, Instant at, @Nullable BigDecimal from, @Nullable BigDecimal to) {
        return new Move(sequence, at, Kind.PRICE, text(from), text(to));
    }

    private static @Nullable String text(@Nullable BigDecimal price) {
        return price == null ? null : price.toPlainString();
    }

    /** The day in UTC. */
    LocalDate day() {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    /** Whether a price went down. */
    @JsonIgnore
    public boolean isCut() {
        return kind == Kind.PRICE
                && from != null
                && to != null
                && new BigDecimal(to).compareTo(new BigDecimal(from)) < 0;
    }
}
