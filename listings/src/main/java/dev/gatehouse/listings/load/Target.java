package dev.gatehouse.listings.load;

import java.util.Arrays;
import java.util.Optional;

/** What a mapping can fill, by its RESO name. */
enum Target {
    LISTING_KEY("ListingKey", Kind.TEXT),
    PROPERTY_KEY("PropertyKey", Kind.TEXT),
    STANDARD_STATUS("StandardStatus", Kind.TEXT),
    PROPERTY_TYPE("PropertyType", Kind.TEXT),
    PROPERTY_SUB_TYPE("PropertySubType", Kind.TEXT),
    LIST_PRICE("ListPrice", Kind.MONEY),
    CLOSE_PRICE("ClosePrice", Kind.MONEY),
    LISTING_CONTRACT_DATE("ListingContractDate", Kind.DATE),
    CLOSE_DATE("CloseDate", Kind.DATE),
    UNPARSED_ADDRESS("UnparsedAddress", Kind.TEXT),
    UNIT_NUMBER("UnitNumber", Kind.TEXT),
    CITY("City", Kind.TEXT),
    POSTAL_CODE("PostalCode", Kind.TEXT),
    COUNTY_OR_PARISH("CountyOrParish", Kind.TEXT),
    STATE_OR_PROVINCE("StateOrProvince", Kind.TEXT),
    LATITUDE("Latitude", Kind.NUMBER),
    LONGITUDE("Longitude", Kind.NUMBER),
    BEDROOMS_TOTAL("BedroomsTotal", Kind.WHOLE),
    BATHROOMS_FULL("BathroomsFull", Kind.WHOLE),
    BATHROOMS_HALF("BathroomsHalf", Kind.WHOLE),
    LIVING_AREA("LivingArea", Kind.NUMBER),
    LOT_SIZE("LotSizeSquareFeet", Kind.NUMBER),
    YEAR_BUILT("YearBuilt", Kind.WHOLE),
    STORIES_TOTAL("StoriesTotal", Kind.NUMBER),
    TAX_ASSESSED_VALUE("TaxAssessedValue", Kind.MONEY);

    enum Kind {
        TEXT,
        WHOLE,
        NUMBER,
        MONEY,
        DATE
    }

    private final String text;
    private final Kind kind;

    Target(String text, Kind kind) {
        this.text = text;
        this.kind = kind;
    }

    String text() {
        return text;
    }

    Kind kind() {
        return kind;
    }

    static Optional<Target> of(String text) {
        return Arrays.stream(values())
                .filter(target -> target.text.equals(text))
                .findFirst();
    }
}
