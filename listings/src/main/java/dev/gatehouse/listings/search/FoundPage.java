package dev.gatehouse.listings.search;

import dev.gatehouse.listings.Listing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param last after which the next page begins; null when this page is the last */
public record FoundPage(List<Listing> listings, @Nullable Position last) {}
