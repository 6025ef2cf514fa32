package dev.gatehouse.listings.simulator;

import dev.gatehouse.listings.StandardStatus;
import java.math.BigDecimal;
import java.time.Instant;

/** What happens to a simulated listing at a moment of its life. */
public sealed interface Step {
    Instant at();

    /** It moves to another status; {@code CLOSED} is a {@link Sold}. */
    record Moved(Instant at, StandardStatus status) implements Step {}

    /** @param price is asked from now on, in US dollars */
    record Repriced(Instant at, BigDecimal price) implements Step {}

    /** @param price is paid, in US dollars */
    record Sold(Instant at, BigDecimal price) implements Step {}
}
