package dev.gatehouse.sdk.listing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which listings are asked for. Immutable: each method gives a narrower query. */
public final class ListingQuery {
    private final Map<String, String> parameters;

    private ListingQuery(Map<String, String> parameters) {
        this.parameters = Map.copyOf(parameters);
    }

    public static ListingQuery all() {
        return new ListingQuery(Map.of());
    }

    public ListingQuery city(String city) {
        return with("city", city);
    }

    public ListingQuery postalCode(String postalCode) {
        return with("postalCode", postalCode);
    }

    public ListingQuery county(String county) {
        return with("county", county);
    }

    /** @param state two letters */
    public ListingQuery state(String state) {
        return with("state", state);
    }

    /** @param statuses RESO StandardStatus, as in {@code Active} */
    public ListingQuery status(String... statuses) {
        return with("status", String.join(",", statuses));
    }

    public ListingQuery propertyType(String type) {
        return with("propertyType", type);
    }

    public ListingQuery minPrice(long dollars) {
        return with("minPrice", Long.toString(dollars));
    }

    public ListingQuery maxPrice(long dollars) {
        return with("maxPrice", Long.toString(dollars));
    }

    public ListingQuery minBeds(int beds) {
        return with("minBeds", Integer.toString(beds));
    }

    /** @param squareFeet living area */
    public ListingQuery minArea(BigDecimal squareFeet) {
        return with("minArea", squareFeet.toPlainString());
    }

    /** Homes around a place. @param metres at most 100,000 */
    public ListingQuery near(double latitude, double longitude, double metres) {
        return with("near", latitude + "," + longitude).with("radius", Double.toString(metres));
    }

    public ListingQuery modifiedSince(Instant instant) {
        return with("modifiedSince", instant.toString());
    }

    /** @param field as in {@code ListPrice}, or {@code -ListPrice} for the highest first */
    public ListingQuery orderBy(String field) {
        return with("orderBy", field);
    }

    /** Any other parameter of {@code GET /v2/listings}. */
    public ListingQuery with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new ListingQuery(more);
    }

    Map<String, String> parameters() {
        return parameters;
    }
}
