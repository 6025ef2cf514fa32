package dev.gatehouse.listings.search;

import java.util.Arrays;
import java.util.Optional;

/** What found listings may be ordered by; a listing without the value comes before all others, descending after them. */
public enum SortField {
    LISTING_KEY("ListingKey"),
    LIST_PRICE("ListPrice"),
    CLOSE_PRICE("ClosePrice"),
    CLOSE_DATE("CloseDate"),
    LIVING_AREA("LivingArea"),
    LOT_SIZE("LotSizeSquareFeet"),
    YEAR_BUILT("YearBuilt"),
    BEDROOMS("BedroomsTotal"),
    MODIFICATION("ModificationTimestamp");

    private final String text;

    SortField(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    static Optional<SortField> of(String text) {
        return Arrays.stream(values()).filter(field -> field.text.equals(text)).findFirst();
    }
}
