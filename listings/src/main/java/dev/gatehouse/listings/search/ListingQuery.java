package dev.gatehouse.listings.search;

import java.util.List;

/** What is searched for, whatever page of it. */
public record ListingQuery(List<Condition> conditions, SortOrder order) {
    public ListingQuery {
        conditions = List.copyOf(conditions);
    }
}
