package dev.gatehouse.webhooks.store;

import dev.gatehouse.webhooks.delivery.Finished;
import dev.gatehouse.webhooks.delivery.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Collects what attempts change and writes it in one statement a table, however many there are: each column goes as an
 * array. A statement for each would cost the database more than all else of a delivery.
 */
final class ResultRows {
    /** A column's name here and in the statement, and its type in PostgreSQL; times travel as text. */
    private record Column(String name, String type) {
        String array() {
            return type.equals("timestamptz") || type.equals("boolean") ? "text" : type;
        }
    }

    private static final List<Column> ATTEMPT = List.of(
            new Column("delivery_id", "text"),
            new Column("no", "int"),
            new Column("tenant_id", "text"),
            new Column("endpoint_id", "text"),
            new Column("at", "timestamptz"),
            new Column("detail", "text"),
            new Column("counted", "boolean"),
            new Column("status", "int"),
            new Column("error", "text"),
            new Column("address", "text"),
            new Column("dns_micros", "bigint"),
            new Column("connect_micros", "bigint"),
            new Column("tls_micros", "bigint"),
            new Column("first_byte_micros", "bigint"),
            new Column("total_micros", "bigint"),
            new Column("request_headers", "text"),
            new Column("response_headers", "text"),
            new Column("response_body", "text"));

    private static final List<Column> DELIVERY = List.of(
            new Column("id", "text"),
            new Column("claim", "text"),
            new Column("status", "text"),
            new Column("attempts", "int"),
            new Column("due_at", "timestamptz"),
            new Column("last_status", "int"),
            new Column("last_error", "text"),
            new Column("finished_at", "timestamptz"));

    private static final List<Column> FOLLOWERS = List.of(
            new Column("endpoint_id", "text"), new Column("order_key", "text"), new Column("due_at", "timestamptz"));

    private static final String LOG = "INSERT INTO attempt ("
            + String.join(", ", ATTEMPT.stream().map(Column::name).toList()) + ") SELECT * FROM " + rows(ATTEMPT);

    private static final String DECIDE =
            """
            UPDATE delivery d SET status = r.status, attempts = r.attempts, due_at = COALESCE(r.due_at, d.due_at),
                claim = NULL, claimed_until = NULL, last_status = r.last_status, last_error = r.last_error,
                finished_at = r.finished_at
            FROM """ + " " + rows(DELIVERY) + " WHERE d.id = r.id AND d.claim = r.claim AND d.status = 'pending'";

    /** Those that must not overtake a delivery that is tried again later are not due earlier either. */
    private static final String PUT_OFF = "UPDATE delivery d SET due_at = r.due_at FROM " + rows(FOLLOWERS)
            + " WHERE d.endpoint_id = r.endpoint_id AND d.order_key = r.order_key AND d.status = 'pending'"
            + " AND d.due_at < r.due_at";

    private final Map<Column, List<@Nullable Object>> attempts = columns(ATTEMPT);
    private final Map<Column, List<@Nullable Object>> deliveries = columns(DELIVERY);
    private final Map<Column, List<@Nullable Object>> followers = columns(FOLLOWERS);

    void add(Finished one, Verdict verdict) {
        boolean counted = !(verdict instanceof Verdict.Parked);
        Finished.Response response = one.response();
        add(
                attempts,
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
                response.requestHeaders(),
                response.responseHeaders(),
                response.body());
        Instant due = verdict instanceof Verdict.Retry(Instant dueAt) ? dueAt : null;
        add(
                deliveries,
                one.due().id(),
                one.due().claim(),
                switch (verdict) {
                    case Verdict.Delivered() -> "delivered";
                    case Verdict.Dead(String reason) -> "dead";
                    case Verdict.Retry(Instant dueAt) -> "pending";
                    case Verdict.Parked() -> "pending";
                },
                one.due().attempts() + (counted ? 1 : 0),
                text(due),
                response.status(),
                verdict instanceof Verdict.Dead(String reason) ? reason : response.error(),
                isOver(verdict) ? one.at().toString() : null);
        if (due != null && one.due().order() != null) {
            add(followers, one.due().endpoint(), one.due().order(), text(due));
        }
    }

    void write(Handle transaction) {
        execute(transaction, LOG, attempts);
        execute(transaction, DECIDE, deliveries);
        if (!followers.values().iterator().next().isEmpty()) {
            execute(transaction, PUT_OFF, followers);
        }
    }

    static boolean isOver(Verdict verdict) {
        return verdict instanceof Verdict.Delivered || verdict instanceof Verdict.Dead;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /** As in {@code (SELECT a::timestamptz AS a, … FROM unnest(:a::text[], …) AS u(a, …)) r}. */
    private static String rows(List<Column> columns) {
        List<String> selected = columns.stream()
                .map(column -> "u." + column.name() + "::" + column.type() + " AS " + column.name())
                .toList();
        List<String> arrays = columns.stream()
                .map(column -> ":" + column.name() + "::" + column.array() + "[]")
                .toList();
        List<String> names = columns.stream().map(Column::name).toList();
        return "(SELECT " + String.join(", ", selected) + " FROM unnest(" + String.join(", ", arrays) + ") AS u("
                + String.join(", ", names) + ")) r";
    }

    private static Map<Column, List<@Nullable Object>> columns(Collection<Column> columns) {
        Map<Column, List<@Nullable Object>> values = new LinkedHashMap<>();
        columns.forEach(column -> values.put(column, new ArrayList<>()));
        return values;
    }

    private static void add(Map<Column, List<@Nullable Object>> columns, @Nullable Object... row) {
        int i = 0;
        for (List<@Nullable Object> column : columns.values()) {
            column.add(row[i++]);
        }
    }

    private static void execute(Handle transaction, String sql, Map<Column, List<@Nullable Object>> columns) {
        Update update = transaction.createUpdate(sql);
        columns.forEach((column, values) -> update.bindArray(
                column.name(),
                switch (column.array()) {
                    case "int" -> Integer.class;
                    case "bigint" -> Long.class;
                    default -> String.class;
                },
                values.toArray()));
        update.execute();
    }
}
