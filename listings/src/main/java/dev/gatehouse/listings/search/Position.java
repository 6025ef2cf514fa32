package dev.gatehouse.listings.search;

/**
 * The last listing of a page.
 *
 * @param sortValue what the page is ordered by, as the database writes it
 */
public record Position(String sortValue, String listingKey) {}
