package dev.gatehouse.listings.search;

/** What a search compares whole; city and county without regard to case. */
public enum TextField {
    CITY,
    POSTAL_CODE,
    COUNTY,
    STATE,
    PROPERTY_TYPE
}
