package dev.gatehouse.history;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a home's history, whatever page of it.
 *
 * @param kind null for all kinds
 * @param from the first day, UTC
 * @param to the last day, UTC
 */
public record TimelineQuery(
        String propertyKey,
        @Nullable Kind kind,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        Order order) {

    /** Direction of time. */
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }
}
