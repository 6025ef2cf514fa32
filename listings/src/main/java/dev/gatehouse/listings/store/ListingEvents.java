package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.Terms;
import dev.gatehouse.runtime.json.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What a change of a listing means to others: each event with the whole state that it left. */
final class ListingEvents {
    static final String SERVICE = "listings";

    private final InstantSource clock;

    ListingEvents(InstantSource clock) {
        this.clock = clock;
    }

    DomainEvent propertyCreated(Listing listing) {
        return event(DomainEvent.PROPERTY_CREATED, listing.propertyKey(), ListingStates.ofProperty(listing));
    }

    /** A sale that was never seen on the market is recorded as a sale; anything else came on the market. */
    DomainEvent created(Listing listing) {
        return event(createdType(listing), listing.listingKey(), ListingStates.of(listing));
    }

    private static String createdType(Listing listing) {
        return listing.terms().status() == StandardStatus.CLOSED
                ? DomainEvent.SALE_RECORDED
                : DomainEvent.LISTING_CREATED;
    }

    /** Nothing when both say the same. */
    List<DomainEvent> changed(Listing before, Listing after) {
        List<FieldChange> changes = ListingStates.changes(before, after);
        Terms old = before.terms();
        Terms now = after.terms();
        List<DomainEvent> events = new ArrayList<>();
        List<FieldChange> price = ListingStates.only(changes, "ListPrice");
        if (!price.isEmpty()) {
            events.add(event(
                    DomainEvent.LISTING_PRICE_CHANGED,
                    after.listingKey(),
                    ListingStates.withChanges(after, old.listPrice(), null, price)));
        }
        List<FieldChange> status = ListingStates.only(changes, "StandardStatus");
        if (!status.isEmpty()) {
            events.add(event(
                    now.status() == StandardStatus.DELETE
                            ? DomainEvent.LISTING_REMOVED
                            : DomainEvent.LISTING_STATUS_CHANGED,
                    after.listingKey(),
                    ListingStates.withChanges(after, null, old.status().text(), status)));
        }
        List<FieldChange> sale = ListingStates.only(changes, "ClosePrice", "CloseDate");
        if (now.status() == StandardStatus.CLOSED && !(status.isEmpty() && sale.isEmpty())) {
            events.add(event(
                    DomainEvent.SALE_RECORDED, after.listingKey(), ListingStates.withChanges(after, null, null, sale)));
        }
        List<FieldChange> facts =
                ListingStates.without(changes, "ListPrice", "StandardStatus", "ClosePrice", "CloseDate");
        if (!facts.isEmpty() || (events.isEmpty() && !changes.isEmpty())) {
            events.add(event(
                    DomainEvent.PROPERTY_UPDATED,
                    after.propertyKey(),
                    ListingStates.withChanges(after, null, null, facts.isEmpty() ? changes : facts)));
        }
        return events;
    }

    /** A home as a snapshot tells it: what was said when it was first seen. */
    static DomainEvent propertyAsOf(Listing listing, Instant firstSeen) {
        return state(DomainEvent.PROPERTY_CREATED, listing.propertyKey(), firstSeen, ListingStates.ofProperty(listing));
    }

    /** A listing as a snapshot tells it: as if it had come with the state that it has. */
    static DomainEvent listingAsOf(Listing listing) {
        return state(createdType(listing), listing.listingKey(), listing.enteredAt(), ListingStates.of(listing));
    }

    private static DomainEvent state(String type, String subject, Instant since, ListingState state) {
        return new DomainEvent(0, "snapshot:" + subject, type, SERVICE, subject, since, null, Json.text(state));
    }

    private DomainEvent event(String type, String subject, ListingState state) {
        return new DomainEvent(
                0,
                PrefixedId.next("evt", clock),
                type,
                SERVICE,
                subject,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                null,
                Json.text(state));
    }
}
