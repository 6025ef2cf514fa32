package dev.gatehouse.listings;

import java.math.BigDecimal;
import java.util.Optional;

/** The listings, to be read and changed by this process. Each change and its event are one transaction. */
public interface Listings {

    Optional<Listing> find(String listingKey);

    /**
     * Sets what is asked for a listing, with an event {@code listing.price_changed}; the same price again changes nothing.
     *
     * @param price US dollars, positive, at most 12 digits before the point
     * @return the listing as it is now; empty when there is none
     * @throws dev.gatehouse.kernel.problem.ProblemException 422 when the listing is closed
     */
    Optional<Listing> changePrice(String listingKey, BigDecimal price);

    /**
     * Moves a listing to another status, with an event {@code listing.status_changed}; the same status again changes
     * nothing.
     *
     * @return the listing as it is now; empty when there is none
     */
    Optional<Listing> changeStatus(String listingKey, StandardStatus status);
}
