package dev.gatehouse.webhooks.store;

import java.sql.Timestamp;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** What happens to an endpoint's deliveries when it is no more to be delivered to. */
final class EndpointRows {
    private EndpointRows() {}

    /** Disables an enabled or paused endpoint and dead-letters what waits for it. */
    static boolean disable(Handle transaction, String id, String reason, Instant now) {
        int changed = transaction
                .createUpdate("""
                        UPDATE endpoint SET status = 'disabled', reason = :reason, updated_at = :now
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
