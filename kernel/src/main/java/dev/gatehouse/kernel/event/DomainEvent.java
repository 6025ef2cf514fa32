package dev.gatehouse.kernel.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a service.
 *
 * @param sequence its place in the one dense sequence of all services; 0 until {@code events/} has given it
 * @param id {@code evt_…}, given by the service; the same on every redelivery
 * @param type as in {@code listing.price_changed}
 * @param service who says it, as in {@code listings}
 * @param subject what it is about: a ListingKey or a PropertyKey
 * @param tenant whose event it is when it is not everyone's
 * @param data the details, a JSON object as text; of an event about a home it reads as {@link ListingState}
 */
public record DomainEvent(
        long sequence,
        String id,
        String type,
        String service,
        String subject,
        Instant occurredAt,
        @Nullable String tenant,
        String data) {

    public static final String PROPERTY_CREATED = "property.created";
    public static final String PROPERTY_UPDATED = "property.updated";
    public static final String LISTING_CREATED = "listing.created";
    public static final String LISTING_REMOVED = "listing.removed";
    public static final String LISTING_STATUS_CHANGED = "listing.status_changed";
    public static final String LISTING_PRICE_CHANGED = "listing.price_changed";
    public static final String SALE_RECORDED = "sale.recorded";
    public static final String SIGNAL_RAISED = "signal.raised";
    public static final String WEBHOOK_ENDPOINT_DISABLED = "webhook_endpoint.disabled";

    public DomainEvent at(long place) {
        return new DomainEvent(place, id, type, service, subject, occurredAt, tenant, data);
    }
}
