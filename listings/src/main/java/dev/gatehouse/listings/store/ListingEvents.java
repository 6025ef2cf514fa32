package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.Place;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.Terms;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a change of a listing means to others, in RESO names. */
final class ListingEvents {
    static final String SERVICE = "listings";

    private final InstantSource clock;

    ListingEvents(InstantSource clock) {
        this.clock = clock;
    }

    DomainEvent propertyCreated(Listing listing) {
        Map<String, @Nullable Object> data = about(listing);
        data.remove("ListingKey");
        facts(data, listing.facts());
        return event(DomainEvent.PROPERTY_CREATED, listing.propertyKey(), data);
    }

    /** A sale that was never seen on the market is recorded as a sale; anything else came on the market. */
    DomainEvent created(Listing listing) {
        return listing.terms().status() == StandardStatus.CLOSED ? sale(listing) : listed(listing);
    }

    private DomainEvent listed(Listing listing) {
        Map<String, @Nullable Object> data = about(listing);
        data.put("StandardStatus", listing.terms().status().text());
        data.put("ListPrice", listing.terms().listPrice());
        data.put("ListingContractDate", listing.terms().contractDate());
        facts(data, listing.facts());
        return event(DomainEvent.LISTING_CREATED, listing.listingKey(), data);
    }

    private DomainEvent sale(Listing listing) {
        Map<String, @Nullable Object> data = about(listing);
        data.put("ListPrice", listing.terms().listPrice());
        data.put("ClosePrice", listing.terms().closePrice());
        data.put("CloseDate", listing.terms().closeDate());
        data.put("ListingContractDate", listing.terms().contractDate());
        facts(data, listing.facts());
        return event(DomainEvent.SALE_RECORDED, listing.listingKey(), data);
    }

    /** Nothing when both say the same. */
    List<DomainEvent> changed(Listing before, Listing after) {
        List<DomainEvent> events = new ArrayList<>();
        Terms old = before.terms();
        Terms now = after.terms();
        if (differ(old.listPrice(), now.listPrice())) {
            Map<String, @Nullable Object> data = about(after);
            data.put("StandardStatus", now.status().text());
            data.put("PreviousListPrice", old.listPrice());
            data.put("ListPrice", now.listPrice());
            events.add(event(DomainEvent.LISTING_PRICE_CHANGED, after.listingKey(), data));
        }
        if (old.status() != now.status()) {
            Map<String, @Nullable Object> data = about(after);
            data.put("PreviousStatus", old.status().text());
            data.put("StandardStatus", now.status().text());
            data.put("ListPrice", now.listPrice());
            events.add(event(DomainEvent.LISTING_STATUS_CHANGED, after.listingKey(), data));
        }
        boolean otherSale =
                differ(old.closePrice(), now.closePrice()) || !Objects.equals(old.closeDate(), now.closeDate());
        if (now.status() == StandardStatus.CLOSED && (old.status() != now.status() || otherSale)) {
            events.add(sale(after));
        }
        if (events.isEmpty()) {
            Map<String, @Nullable Object> data = about(after);
            facts(data, after.facts());
            events.add(event(DomainEvent.PROPERTY_UPDATED, after.propertyKey(), data));
        }
        return events;
    }

    private static boolean differ(@Nullable BigDecimal a, @Nullable BigDecimal b) {
        if (a == null) {
            return b != null;
        }
        return b == null || a.compareTo(b) != 0;
    }

    private DomainEvent event(String type, String subject, Map<String, @Nullable Object> data) {
        return new DomainEvent(
                0,
                PrefixedId.next("evt", clock),
                type,
                SERVICE,
                subject,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                null,
                Json.text(data));
    }

    private static Map<String, @Nullable Object> about(Listing listing) {
        Place place = listing.place();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("ListingKey", listing.listingKey());
        data.put("PropertyKey", listing.propertyKey());
        data.put("OriginatingSystemName", listing.originatingSystem());
        data.put("UnparsedAddress", place.address());
        data.put("UnitNumber", place.unit());
        data.put("City", place.city());
        data.put("PostalCode", place.postalCode());
        data.put("CountyOrParish", place.county());
        data.put("StateOrProvince", place.state());
        data.put("Latitude", place.latitude());
        data.put("Longitude", place.longitude());
        return data;
    }

    private static void facts(Map<String, @Nullable Object> data, Facts facts) {
        data.put("PropertyType", facts.propertyType());
        data.put("PropertySubType", facts.propertySubType());
        data.put("BedroomsTotal", facts.bedrooms());
        data.put("BathroomsFull", facts.bathroomsFull());
        data.put("BathroomsHalf", facts.bathroomsHalf());
        data.put("LivingArea", facts.livingArea());
        data.put("LotSizeSquareFeet", facts.lotSize());
        data.put("YearBuilt", facts.yearBuilt());
        data.put("StoriesTotal", facts.stories());
        data.put("TaxAssessedValue", facts.assessedValue());
    }
}
