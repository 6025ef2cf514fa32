package dev.gatehouse.listings.answer;

import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.listings.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of a listing in v2, in their order. */
enum ListingField {
    LISTING_KEY("ListingKey", Group.BASIC, Listing::listingKey),
    PROPERTY_KEY("PropertyKey", Group.BASIC, Listing::propertyKey),
    ORIGINATING_SYSTEM("OriginatingSystemName", Group.BASIC, Listing::originatingSystem),
    STATUS("StandardStatus", Group.BASIC, listing -> listing.terms().status().text()),
    PROPERTY_TYPE("PropertyType", Group.BASIC, listing -> listing.facts().propertyType()),
    PROPERTY_SUB_TYPE("PropertySubType", Group.BASIC, listing -> listing.facts().propertySubType()),
    LIST_PRICE("ListPrice", Group.BASIC, listing -> listing.terms().listPrice()),
    CLOSE_PRICE("ClosePrice", Group.BASIC, listing -> listing.terms().closePrice()),
    CONTRACT_DATE("ListingContractDate", Group.BASIC, listing -> listing.terms().contractDate()),
    CLOSE_DATE("CloseDate", Group.BASIC, listing -> listing.terms().closeDate()),
    ADDRESS("UnparsedAddress", Group.BASIC, listing -> listing.place().address()),
    UNIT("UnitNumber", Group.BASIC, listing -> listing.place().unit()),
    CITY("City", Group.BASIC, listing -> listing.place().city()),
    POSTAL_CODE("PostalCode", Group.BASIC, listing -> listing.place().postalCode()),
    COUNTY("CountyOrParish", Group.BASIC, listing -> listing.place().county()),
    STATE("StateOrProvince", Group.BASIC, listing -> listing.place().state()),
    LATITUDE("Latitude", Group.LOCATION, listing -> listing.place().latitude()),
    LONGITUDE("Longitude", Group.LOCATION, listing -> listing.place().longitude()),
    BEDROOMS("BedroomsTotal", Group.BASIC, listing -> listing.facts().bedrooms()),
    BATHROOMS("BathroomsTotalInteger", Group.BASIC, listing -> listing.facts().bathrooms()),
    BATHROOMS_FULL("BathroomsFull", Group.BASIC, listing -> listing.facts().bathroomsFull()),
    BATHROOMS_HALF("BathroomsHalf", Group.BASIC, listing -> listing.facts().bathroomsHalf()),
    LIVING_AREA("LivingArea", Group.BASIC, listing -> listing.facts().livingArea()),
    LOT_SIZE("LotSizeSquareFeet", Group.BASIC, listing -> listing.facts().lotSize()),
    YEAR_BUILT("YearBuilt", Group.BASIC, listing -> listing.facts().yearBuilt()),
    STORIES("StoriesTotal", Group.BASIC, listing -> listing.facts().stories()),
    ASSESSED_VALUE(
            "TaxAssessedValue", Group.ASSESSMENT, listing -> listing.facts().assessedValue()),
    SIMULATED_PRICE_FACTOR(
            "SimulatedPriceFactor", Group.BASIC, listing -> listing.terms().simulatedPriceFactor()),
    ENTERED("OriginalEntryTimestamp", Group.BASIC, Listing::enteredAt),
    MODIFIED("ModificationTimestamp", Group.BASIC, Listing::modifiedAt);

    /** What plans include or not; {@code BASIC} is in every plan. */
    enum Group {
        BASIC,
        LOCATION,
        ASSESSMENT
    }

    private final String text;
    private final Group group;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<Listing, @Nullable Object> value;

    ListingField(String text, Group group, Function<Listing, @Nullable Object> value) {
        this.text = text;
        this.group = group;
        this.value = value;
    }

    private boolean isFor(CallerIdentity caller) {
        return switch (group) {
            case BASIC -> true;
            case LOCATION -> caller.hasField("location");
            case ASSESSMENT -> caller.hasField("assessment");
        };
    }

    /**
     * What one caller sees.
     *
     * @param shown in the order of answers
     * @param absent by name, asked for and not in the caller's plan
     */
    record View(List<ListingField> shown, List<String> absent) {

        /** @param select names of fields; empty for all */
        static View of(CallerIdentity caller, List<String> select) {
            List<ListingField> shown = new ArrayList<>();
            List<String> absent = new ArrayList<>();
            for (ListingField field : values()) {
                boolean asked = select.isEmpty() || field == LISTING_KEY || select.contains(field.text);
                if (asked && field.isFor(caller)) {
                    shown.add(field);
                } else if (asked) {
                    absent.add(field.text);
                }
            }
            return new View(shown, absent);
        }

        Map<String, @Nullable Object> object(Listing listing) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            shown.forEach(field -> object.put(field.text, field.value.apply(listing)));
            return object;
        }

        Map<String, Object> meta() {
            return absent.isEmpty() ? Map.of() : Map.of("absentFields", absent);
        }

        boolean hasPlaces() {
            return shown.contains(LATITUDE) || !absent.contains(LATITUDE.text);
        }
    }
}
