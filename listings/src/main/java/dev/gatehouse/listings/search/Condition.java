package dev.gatehouse.listings.search;

import dev.gatehouse.listings.StandardStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** One thing that every found listing keeps to. */
public sealed interface Condition {

    record Is(TextField field, String value) implements Condition {}

    record AtLeast(NumberField field, BigDecimal value) implements Condition {}

    record AtMost(NumberField field, BigDecimal value) implements Condition {}

    record AnyStatus(List<StandardStatus> statuses) implements Condition {}

    record ModifiedSince(Instant instant) implements Condition {}

    /** Came on the market, or was sold when that is all that is known, at most so many days ago. */
    record OnMarketWithin(int days) implements Condition {}

    /** Degrees. */
    record InBox(double west, double south, double east, double north) implements Condition {}

    /** @param radius metres along the great circle */
    record Near(double latitude, double longitude, double radius) implements Condition {}

    /** @param ring closed, simple, checked */
    record Within(List<LonLat> ring) implements Condition {}

    /** A corner, degrees. */
    record LonLat(double longitude, double latitude) {}
}
