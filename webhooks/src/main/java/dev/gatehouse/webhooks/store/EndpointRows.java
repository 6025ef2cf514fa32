package dev.gatehouse.webhooks.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Disabled;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What happens to an endpoint's deliveries when it is no more to be delivered to. */
final class EndpointRows {
    private static final Outbox OUTBOX = new Outbox(Schema.SERVICE);

    private EndpointRows() {}

    /** Tells the tenant's other endpoints, and the feed, that one was disabled. */
    static void tell(Handle transaction, Disabled gone, Instant now) {
        String id = PrefixedId.next("evt", () -> now);
        String data = Json.text(Map.of("EndpointId", gone.endpoint(), "Url", gone.url(), "Reason", gone.reason()));
        OUTBOX.append(
                transaction,
                List.of(new DomainEvent(
                        0,
                        id,
                        DomainEvent.WEBHOOK_ENDPOINT_DISABLED,
                        Schema.SERVICE,
                        gone.endpoint(),
                        now,
                        gone.tenant().value(),
                        data)));
    }

    /** Disables an enabled or paused endpoint and dead-letters what waits for it. */
    static boolean disable(Handle transaction, String id, String reason, Instant now) {
        int changed = transaction
                .createUpdate("""
                        UPDATE endpoint SET status = 'disabled', reason = :reason, updated_at = :now,
                            version = version + 1
                        WHERE id = :id AND status IN ('enabled', 'paused')
                        """)
                .bind("reason", reason)
                .bind("now", Timestamp.from(now))
                .bind("id", id)
                .execute();
        if (changed == 1) {
            end(transaction, id, "dead", "the endpoint was disabled", now);
        }
        return changed == 1;
    }

    /** Ends every pending delivery. */
    static void end(Handle transaction, String id, String status, String error, Instant now) {
        transaction
                .createUpdate("""
                        UPDATE delivery SET status = :status, last_error = COALESCE(last_error, :error), finished_at = :now,
                            claim = NULL, claimed_until = NULL
                        WHERE endpoint_id = :id AND status = 'pending'
                        """)
                .bind("status", status)
                .bind("error", error)
                .bind("now", Timestamp.from(now))
                .bind("id", id)
                .execute();
    }
}
