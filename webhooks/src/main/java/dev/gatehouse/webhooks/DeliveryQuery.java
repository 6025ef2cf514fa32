package dev.gatehouse.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to list, newest first; null asks nothing.
 *
 * @param before the id of the last delivery of the page before
 * @param limit 1 to 500
 */
public record DeliveryQuery(
        @Nullable String endpoint,
        Delivery.@Nullable Status status,
        @Nullable String type,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String before,
        int limit) {

    public static DeliveryQuery newest(int limit) {
        return new DeliveryQuery(null, null, null, null, null, null, limit);
    }

    public DeliveryQuery of(String endpointId) {
        return new DeliveryQuery(endpointId, status, type, since, until, before, limit);
    }
}
