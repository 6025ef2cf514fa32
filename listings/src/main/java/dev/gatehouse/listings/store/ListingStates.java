package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.Place;
import dev.gatehouse.listings.Terms;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A listing in the words that cross to other processes. */
final class ListingStates {
    private ListingStates() {}

    static ListingState of(Listing listing) {
        return withChanges(listing, null, null, List.of());
    }

    /** What is said of the home alone. */
    static ListingState ofProperty(Listing listing) {
        return state(listing, null, null, null, List.of());
    }

    static ListingState withChanges(
            Listing listing, @Nullable BigDecimal listPrice, @Nullable String status, List<FieldChange> changes) {
        return state(listing, listing.terms(), listPrice, status, changes);
    }

    private static ListingState state(
            Listing listing,
            @Nullable Terms terms,
            @Nullable BigDecimal previousListPrice,
            @Nullable String previousStatus,
            List<FieldChange> changes) {
        Place place = listing.place();
        Facts facts = listing.facts();
        return new ListingState(
                terms == null ? null : listing.listingKey(),
                listing.propertyKey(),
                listing.originatingSystem(),
                terms == null ? null : terms.status().text(),
                terms == null ? null : terms.listPrice(),
                terms == null ? null : terms.closePrice(),
                terms == null ? null : terms.contractDate(),
                terms == null ? null : terms.closeDate(),
                place.address(),
                place.unit(),
                place.city(),
                place.postalCode(),
                place.county(),
                place.state(),
                place.latitude(),
                place.longitude(),
                facts.propertyType(),
                facts.propertySubType(),
                facts.bedrooms(),
                facts.bathrooms(),
                facts.bathroomsFull(),
                facts.bathroomsHalf(),
                facts.livingArea(),
                facts.lotSize(),
                facts.yearBuilt(),
                facts.stories(),
                facts.assessedValue(),
                terms == null ? null : terms.simulatedPriceFactor(),
                listing.enteredAt(),
                listing.modifiedAt(),
                previousListPrice,
                previousStatus,
                changes);
    }

    /** What differs, in the order of the fields. */
    static List<FieldChange> changes(Listing before, Listing after) {
        Map<String, @Nullable Object> old = fields(before);
        Map<String, @Nullable Object> now = fields(after);
        List<FieldChange> changes = new ArrayList<>();
        for (String name : old.keySet()) {
            Object was = old.get(name);
            Object is = now.get(name);
            if (!same(was, is)) {
                changes.add(new FieldChange(name, text(was), text(is)));
            }
        }
        return changes;
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof BigDecimal number) {
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        return value == null ? null : value.toString();
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return a instanceof BigDecimal one && b instanceof BigDecimal other
                ? one.compareTo(other) == 0
                : Objects.equals(a, b);
    }

    private static Map<String, @Nullable Object> fields(Listing listing) {
        Terms terms = listing.terms();
        Place place = listing.place();
        Facts facts = listing.facts();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("PropertyKey", listing.propertyKey());
        fields.put("OriginatingSystemName", listing.originatingSystem());
        fields.put("StandardStatus", terms.status().text());
        fields.put("ListPrice", terms.listPrice());
        fields.put("ClosePrice", terms.closePrice());
        fields.put("ListingContractDate", terms.contractDate());
        fields.put("CloseDate", terms.closeDate());
        fields.put("UnparsedAddress", place.address());
        fields.put("UnitNumber", place.unit());
        fields.put("City", place.city());
        fields.put("PostalCode", place.postalCode());
        fields.put("CountyOrParish", place.county());
        fields.put("StateOrProvince", place.state());
        fields.put("Latitude", place.latitude());
        fields.put("Longitude", place.longitude());
        fields.put("PropertyType", facts.propertyType());
        fields.put("PropertySubType", facts.propertySubType());
        fields.put("BedroomsTotal", facts.bedrooms());
        fields.put("BathroomsFull", facts.bathroomsFull());
        fields.put("BathroomsHalf", facts.bathroomsHalf());
        fields.put("LivingArea", facts.livingArea());
        fields.put("LotSizeSquareFeet", facts.lotSize());
        fields.put("YearBuilt", facts.yearBuilt());
        fields.put("StoriesTotal", facts.stories());
        fields.put("TaxAssessedValue", facts.assessedValue());
        return fields;
    }

    static List<FieldChange> only(List<FieldChange> changes, String... names) {
        return changes.stream()
                .filter(change -> List.of(names).contains(change.fieldName()))
                .toList();
    }

    static List<FieldChange> without(List<FieldChange> changes, String... names) {
        return changes.stream()
                .filter(change -> !List.of(names).contains(change.fieldName()))
                .toList();
    }
}
