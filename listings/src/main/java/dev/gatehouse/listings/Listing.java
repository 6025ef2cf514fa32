package dev.gatehouse.listings;

import java.time.Instant;

/**
 * A home on the market, or once on it.
 *
 * @param listingKey unique in the installation
 * @param propertyKey the same for every listing of one home
 * @param originatingSystem who says so, as in {@code lucas-county}
 * @param enteredAt when it was first stored here
 * @param modifiedAt when it last changed here
 */
public record Listing(
        String listingKey,
        String propertyKey,
        String originatingSystem,
        Terms terms,
        Place place,
        Facts facts,
        Instant enteredAt,
        Instant modifiedAt) {}
