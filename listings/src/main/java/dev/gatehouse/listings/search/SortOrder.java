package dev.gatehouse.listings.search;

import java.util.Optional;

/** By a field, then by key, both in one direction: a total order. */
public record SortOrder(SortField field, Direction direction) {
    public static final SortOrder BY_KEY = new SortOrder(SortField.LISTING_KEY, Direction.ASCENDING);
    public static final SortOrder BY_MODIFICATION = new SortOrder(SortField.MODIFICATION, Direction.ASCENDING);

    public enum Direction {
        ASCENDING,
        DESCENDING
    }

    /** Reads {@code ListPrice} or {@code -ListPrice}. */
    static Optional<SortOrder> of(String text) {
        boolean down = text.startsWith("-");
        return SortField.of(down ? text.substring(1) : text)
                .map(field -> new SortOrder(field, down ? Direction.DESCENDING : Direction.ASCENDING));
    }
}
