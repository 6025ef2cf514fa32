package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;

/**
 * What a home was sold for.
 *
 * @param price US dollars, positive
 */
public record Sale(String listingKey, String propertyKey, Subject home, double price, LocalDate date) {}
