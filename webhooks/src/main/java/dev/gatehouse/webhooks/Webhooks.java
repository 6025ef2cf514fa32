package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;
import java.util.List;

/**
 * All that a tenant does with its webhooks. What is not the tenant's is not found; what is refused is thrown as a {@link
 * dev.gatehouse.kernel.problem.ProblemException} that names each field.
 */
public interface Webhooks {
    /** Endpoints that a tenant may have. */
    int MOST_ENDPOINTS = 100;

    /** What becomes of the old secret. */
    enum Rotation {
        /** Both sign for 24 hours. */
        OVERLAP,
        /** The old one signs no more. */
        AT_ONCE
    }

    /** By age, oldest first. */
    List<Endpoint> endpoints(TenantId tenant);

    Endpoint endpoint(TenantId tenant, String id);

    EndpointWithSecret create(TenantId tenant, NewEndpoint asked);

    Endpoint change(TenantId tenant, String id, EndpointChange change);

    /** What is pending for it is cancelled; its log stays. */
    void delete(TenantId tenant, String id);

    EndpointWithSecret rotate(TenantId tenant, String id, Rotation rotation);

    /** Sends an example of an event type. */
    Delivery sendTest(TenantId tenant, String id, String eventType);

    Backlog backlog(TenantId tenant, String id);

    List<Delivery> deliveries(TenantId tenant, DeliveryQuery query);

    Delivery delivery(TenantId tenant, String id);

    /** Every attempt of a delivery, in order. */
    List<Attempt> attempts(TenantId tenant, String delivery);

    /** What was or will be sent, JSON. */
    String payload(TenantId tenant, String delivery);

    /** Makes a delivery again, at once, under the same message id. */
    Delivery replay(TenantId tenant, String delivery);

    Replay.Preview preview(TenantId tenant, String endpoint, Replay replay);

    /** Makes deliveries again at the replay's pace. @return how many */
    long replay(TenantId tenant, String endpoint, Replay replay);

    /** Takes back what replays have not yet made. @return how many */
    long cancelReplays(TenantId tenant, String endpoint);
}
