package dev.gatehouse.listings.load;

import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.Place;
import dev.gatehouse.listings.Terms;
import java.util.UUID;

/**
 * A listing as a row of a file states it.
 *
 * @param rowNumber the row's place in the file, from 1, the header not counted
 * @param digest the same for rows that say the same
 */
public record Incoming(
        long rowNumber,
        String listingKey,
        String propertyKey,
        String originatingSystem,
        Terms terms,
        Place place,
        Facts facts,
        UUID digest) {}
