package dev.gatehouse.history;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happened to each home. */
public interface History {

    /** Whether anything is known of the home. */
    boolean knows(String propertyKey);

    /** The home that a listing is of. */
    Optional<String> propertyOf(String listingKey);

    /**
     * A piece of a home's timeline, in order.
     *
     * @param after the entry's place after which it begins; null for the beginning
     */
    List<HistoryEntry> timeline(TimelineQuery query, HistoryEntry.@Nullable Position after, int limit);

    /** A piece by its number, for the older shape. */
    List<HistoryEntry> page(TimelineQuery query, int limit, long offset);

    /** How many entries there are on all pages. */
    long count(TimelineQuery query);
}
