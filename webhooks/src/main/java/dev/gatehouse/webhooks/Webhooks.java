package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.Precondition;
import java.util.List;

/**
 * All that a tenant does with its webhooks. What is not the tenant's is not found; what is refused is thrown as a {@link
 * dev.gatehouse.kernel.problem.ProblemException} that names each field. This is what the tenant's members see: both worlds, and
 * new endpoints are live. A key sees its own world only ({@link #in}).
 */
public interface Webhooks {
    /** Endpoints that a tenant may have in each world. */
    int MOST_ENDPOINTS = 100;

    /** What becomes of the old secret. */
    enum Rotation {
        /** It signs for 24 more hours, beside all that were replaced within the last 24. */
        OVERLAP,
        /** Only the new one signs. */
        AT_ONCE
    }

    /** The same for a key: nothing that belongs to the other mode is found, and new endpoints are of this one. */
    Webhooks in(KeyMode mode);

    /** By age, oldest first. */
    List<Endpoint> endpoints(TenantId tenant);

    Endpoint endpoint(TenantId tenant, String id);

    EndpointWithSecret create(TenantId tenant, NewEndpoint asked);

    /**
     * Changes what the change names and nothing else, however many do so at once.
     *
     * @param precondition on the version that the change was made for
     */
    Endpoint change(TenantId tenant, String id, EndpointChange change, Precondition precondition);

    default Endpoint change(TenantId tenant, String id, EndpointChange change) {
        return change(tenant, id, change, Precondition.NONE);
    }

    /** What is pending for it is cancelled; its log stays. */
    void delete(TenantId tenant, String id, Precondition precondition);

    default void delete(TenantId tenant, String id) {
        delete(tenant, id, Precondition.NONE);
    }

    EndpointWithSecret rotate(TenantId tenant, String id, Rotation rotation, Precondition precondition);

    default EndpointWithSecret rotate(TenantId tenant, String id, Rotation rotation) {
        return rotate(tenant, id, rotation, Precondition.NONE);
    }

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
