package dev.gatehouse.listings.search;

/** What a search bounds by a least and a greatest value. */
public enum NumberField {
    /** What was paid for a closed listing, what is asked for any other. */
    PRICE,
    BEDROOMS,
    BATHROOMS,
    /** Square feet. */
    LIVING_AREA,
    /** Square feet. */
    LOT_SIZE,
    YEAR_BUILT
}
