package dev.gatehouse.webhooks.store;

import dev.gatehouse.webhooks.delivery.Finished;
import dev.gatehouse.webhooks.delivery.Verdict;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Collects what attempts change and writes it in one statement a table. */
final class ResultRows {
    private static final List<ArrayRows.Column> ATTEMPT = ArrayRows.columns(
            "delivery_id text",
            "no int",
            "tenant_id text",
            "endpoint_id text",
            "at timestamptz",
            "detail text",
            "counted boolean",
            "status int",
            "error text",
            "address text",
            "dns_micros bigint",
            "connect_micros bigint",
            "tls_micros bigint",
            "first_byte_micros bigint",
            "total_micros bigint",
            "request_headers text",
            "response_headers text",
            "response_body text",
            "packed bytea");

    private static final List<ArrayRows.Column> DELIVERY = ArrayRows.columns(
            "id text",
            "claim text",
            "status text",
            "attempts int",
            "due_at timestamptz",
            "last_status int",
            "last_error text",
            "finished_at timestamptz");

    private static final List<ArrayRows.Column> FOLLOWERS =
            ArrayRows.columns("endpoint_id text", "order_key text", "due_at timestamptz");

    private static final String LOG = ArrayRows.insert("attempt", ATTEMPT);

    private static final String DECIDE = """
            UPDATE delivery d SET status = r.status, attempts = r.attempts, due_at = COALESCE(r.due_at, d.due_at),
                claim = NULL, claimed_until = NULL, last_status = r.last_status, last_error = r.last_error,
                finished_at = r.finished_at
            FROM %s WHERE d.id = r.id AND d.claim = r.claim AND d.status = 'pending'
            """.formatted(ArrayRows.source(DELIVERY));

    /** Those that must not overtake a delivery that is tried again later are not due earlier either. */
    private static final String PUT_OFF = """
            UPDATE delivery d SET due_at = r.due_at
            FROM %s WHERE d.endpoint_id = r.endpoint_id AND d.order_key = r.order_key AND d.status = 'pending'
                AND d.due_at < r.due_at
            """.formatted(ArrayRows.source(FOLLOWERS));

    private final ArrayRows attempts = ArrayRows.of(ATTEMPT);
    private final ArrayRows deliveries = ArrayRows.of(DELIVERY);
    private final ArrayRows followers = ArrayRows.of(FOLLOWERS);

    void add(Finished one, Verdict verdict) {
        boolean counted = !(verdict instanceof Verdict.Parked || verdict instanceof Verdict.Postponed);
        Finished.Response response = one.response();
        String packed = new Packed(response.requestHeaders(), response.responseHeaders(), response.body()).hex();
        attempts.add(
                one.due().id(),
                one.due().attempts() + 1,
                one.due().tenant().value(),
                one.due().endpoint(),
                one.at().toString(),
                response.detail(),
                Boolean.toString(counted),
                response.status(),
                response.error(),
                response.address(),
                response.timing().dns(),
                response.timing().connect(),
                response.timing().tls(),
                response.timing().firstByte(),
                response.timing().total(),
                packed == null ? response.requestHeaders() : "",
                packed == null ? response.responseHeaders() : "",
                packed == null ? response.body() : "",
                packed);
        Instant due = dueAgain(verdict);
        deliveries.add(
                one.due().id(),
                one.due().claim(),
                switch (verdict) {
                    case Verdict.Delivered() -> "delivered";
                    case Verdict.Dead(String reason) -> "dead";
                    case Verdict.Retry(Instant dueAt) -> "pending";
                    case Verdict.Parked() -> "pending";
                    case Verdict.Postponed(Instant dueAt) -> "pending";
                },
                one.due().attempts() + (counted ? 1 : 0),
                text(due),
                response.status(),
                verdict instanceof Verdict.Dead(String reason) ? reason : response.error(),
                isOver(verdict) ? one.at().toString() : null);
        if (due != null && one.due().order() != null) {
            followers.add(one.due().endpoint(), one.due().order(), text(due));
        }
    }

    void write(Handle transaction) {
        attempts.execute(transaction, LOG);
        deliveries.execute(transaction, DECIDE);
        followers.execute(transaction, PUT_OFF);
    }

    /** When a delivery is to be tried again by its verdict; null when that says nothing of it. */
    static @Nullable Instant dueAgain(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Retry(Instant dueAt) -> dueAt;
            case Verdict.Postponed(Instant dueAt) -> dueAt;
            case Verdict.Delivered delivered -> null;
            case Verdict.Parked parked -> null;
            case Verdict.Dead dead -> null;
        };
    }

    static boolean isOver(Verdict verdict) {
        return verdict instanceof Verdict.Delivered || verdict instanceof Verdict.Dead;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
