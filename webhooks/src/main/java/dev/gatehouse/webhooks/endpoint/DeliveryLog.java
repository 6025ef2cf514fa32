package dev.gatehouse.webhooks.endpoint;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.Backlog;
import dev.gatehouse.webhooks.Delivery;
import dev.gatehouse.webhooks.DeliveryQuery;
import dev.gatehouse.webhooks.Replay;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Deliveries as their owner sees them. Each call sees the rows of one tenant only. */
public interface DeliveryLog {
    /** The same of one world only. */
    DeliveryLog in(KeyMode mode);

    List<Delivery> list(TenantId tenant, DeliveryQuery query);

    Optional<Delivery> find(TenantId tenant, String id);

    List<Attempt> attempts(TenantId tenant, String delivery);

    Optional<String> payload(TenantId tenant, String delivery);

    Backlog backlog(TenantId tenant, String endpoint, Instant now);

    /** A message that no event led to, for one endpoint. */
    void addTest(TenantId tenant, String endpoint, TestMessage message, Instant now);

    /** @param delivery the id it gets */
    record TestMessage(String delivery, String id, String type, String payload) {}

    /** Makes a delivery again under a new id. */
    void replay(TenantId tenant, String delivery, String newId, Instant now);

    Replay.Preview preview(TenantId tenant, String endpoint, Replay replay);

    /** Makes deliveries again, spread over time at the replay's pace. */
    long replay(TenantId tenant, String endpoint, Replay replay, Instant now);

    long cancelReplays(TenantId tenant, String endpoint, Instant now);
}
