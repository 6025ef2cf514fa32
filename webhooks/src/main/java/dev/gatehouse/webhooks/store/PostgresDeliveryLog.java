package dev.gatehouse.webhooks.store;

import static dev.gatehouse.webhooks.store.PostgresDeliveryStore.instant;
import static dev.gatehouse.webhooks.store.PostgresDeliveryStore.timestamp;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.Backlog;
import dev.gatehouse.webhooks.Delivery;
import dev.gatehouse.webhooks.DeliveryQuery;
import dev.gatehouse.webhooks.Replay;
import dev.gatehouse.webhooks.endpoint.DeliveryLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The delivery log in PostgreSQL. */
public final class PostgresDeliveryLog implements DeliveryLog {
    private static final String SELECT = """
            SELECT d.*, m.type, m.subject, m.sequence FROM delivery d JOIN message m ON m.id = d.message_id
            JOIN endpoint e ON e.id = d.endpoint_id
            WHERE d.tenant_id = :tenant AND (:mode::text IS NULL OR e.mode = :mode)
            """;
    private static final String IN_REPLAY = """
             AND d.endpoint_id = :endpoint AND d.origin <> 'test' AND d.created_at >= :since AND d.created_at < :until
             AND d.status = ANY(:statuses) AND d.status <> 'pending' AND (:type::text IS NULL OR m.type = :type)
            """;
    private static final int PAGE = 1_000;

    private final Database database;
    private final @Nullable KeyMode mode;

    public PostgresDeliveryLog(Database database) {
        this(database, null);
    }

    private PostgresDeliveryLog(Database database, @Nullable KeyMode mode) {
        this.database = database;
        this.mode = mode;
    }

    @Override
    public DeliveryLog in(KeyMode world) {
        return new PostgresDeliveryLog(database, world);
    }

    private @Nullable String world() {
        return mode == null ? null : mode.text();
    }

    @Override
    public List<Delivery> list(TenantId tenant, DeliveryQuery query) {
        return database.<List<Delivery>, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery(SELECT + """
                         AND (:endpoint::text IS NULL OR d.endpoint_id = :endpoint)
                         AND (:status::text IS NULL OR d.status = :status)
                         AND (:type::text IS NULL OR m.type = :type)
                         AND (:since::timestamptz IS NULL OR d.created_at >= :since)
                         AND (:until::timestamptz IS NULL OR d.created_at < :until)
                         AND (:before::text IS NULL OR d.id < :before)
                        ORDER BY d.id DESC LIMIT :limit
                        """)
                        .bind("tenant", tenant.value())
                        .bind("mode", world())
                        .bind("endpoint", query.endpoint())
                        .bind("status", query.status() == null ? null : text(query.status()))
                        .bind("type", query.type())
                        .bind("since", timestamp(query.since()))
                        .bind("until", timestamp(query.until()))
                        .bind("before", query.before())
                        .bind("limit", query.limit())
                        .map((row, context) -> delivery(row))
                        .list());
    }

    @Override
    public Optional<Delivery> find(TenantId tenant, String id) {
        return database.<Optional<Delivery>, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery(SELECT + " AND d.id = :id")
                        .bind("tenant", tenant.value())
                        .bind("mode", world())
                        .bind("id", id)
                        .map((row, context) -> delivery(row))
                        .findOne());
    }

    @Override
    public List<Attempt> attempts(TenantId tenant, String delivery) {
        return database.<List<Attempt>, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery("""
                        SELECT * FROM attempt WHERE tenant_id = :tenant AND delivery_id = :id ORDER BY at, no LIMIT 500
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", delivery)
                        .map((row, context) -> attempt(row))
                        .list());
    }

    @Override
    public Optional<String> payload(TenantId tenant, String delivery) {
        return database.<Optional<String>, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery("""
                        SELECT m.payload FROM delivery d JOIN message m ON m.id = d.message_id
                        WHERE d.tenant_id = :tenant AND d.id = :id
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", delivery)
                        .mapTo(String.class)
                        .findOne());
    }

    @Override
    public Backlog backlog(TenantId tenant, String endpoint, Instant now) {
        return database.<Backlog, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery("""
                        SELECT count(*) FILTER (WHERE status = 'pending') AS pending,
                               count(*) FILTER (WHERE status = 'dead') AS dead,
                               count(*) FILTER (WHERE status = 'delivered' AND finished_at > :minuteAgo) AS recent,
                               min(created_at) FILTER (WHERE status = 'pending') AS oldest
                        FROM delivery WHERE tenant_id = :tenant AND endpoint_id = :endpoint
                        """)
                        .bind("minuteAgo", Timestamp.from(now.minus(Duration.ofMinutes(1))))
                        .bind("tenant", tenant.value())
                        .bind("endpoint", endpoint)
                        .map((row, context) -> {
                            long pending = row.getLong("pending");
                            double perSecond = row.getLong("recent") / 60.0;
                            Long drain =
                                    pending == 0 ? Long.valueOf(0) : perSecond == 0 ? null : drain(pending, perSecond);
                            return new Backlog(
                                    pending,
                                    instant(row.getTimestamp("oldest")),
                                    perSecond,
                                    drain,
                                    row.getLong("dead"));
                        })
                        .one());
    }

    private static Long drain(long pending, double perSecond) {
        return (long) Math.ceil(pending / perSecond);
    }

    @Override
    public void addTest(TenantId tenant, String endpoint, TestMessage message, Instant now) {
        database.<Integer, RuntimeException>asTenant(tenant, handle -> {
            handle.createUpdate("""
                            INSERT INTO message (id, tenant_id, sequence, type, subject, payload, created_at)
                            VALUES (:id, :tenant, 0, :type, 'test', :payload, :now)
                            """)
                    .bind("id", message.id())
                    .bind("tenant", tenant.value())
                    .bind("type", message.type())
                    .bind("payload", message.payload())
                    .bind("now", Timestamp.from(now))
                    .execute();
            return handle.createUpdate("""
                            INSERT INTO delivery (id, tenant_id, endpoint_id, message_id, origin, status, due_at, created_at)
                            VALUES (:id, :tenant, :endpoint, :message, 'test', 'pending', :now, :now)
                            """)
                    .bind("id", message.delivery())
                    .bind("tenant", tenant.value())
                    .bind("endpoint", endpoint)
                    .bind("message", message.id())
                    .bind("now", Timestamp.from(now))
                    .execute();
        });
    }

    @Override
    public void replay(TenantId tenant, String delivery, String newId, Instant now) {
        database.<Integer, RuntimeException>asTenant(
                tenant,
                handle -> handle.createUpdate("""
                        INSERT INTO delivery (id, tenant_id, endpoint_id, message_id, origin, status, due_at, created_at)
                        SELECT :newId, tenant_id, endpoint_id, message_id, 'replay', 'pending', :now, :now
                        FROM delivery WHERE tenant_id = :tenant AND id = :id
                        """)
                        .bind("newId", newId)
                        .bind("now", Timestamp.from(now))
                        .bind("tenant", tenant.value())
                        .bind("id", delivery)
                        .execute());
    }

    @Override
    public Replay.Preview preview(TenantId tenant, String endpoint, Replay replay) {
        return database.<Replay.Preview, RuntimeException>asTenant(
                tenant,
                handle -> inReplay(handle.createQuery("""
                                SELECT count(DISTINCT d.message_id) AS count,
                                       count(DISTINCT d.message_id) FILTER (WHERE d.status = 'delivered') AS duplicates
                                FROM delivery d JOIN message m ON m.id = d.message_id WHERE d.tenant_id = :tenant
                                """ + IN_REPLAY), tenant, endpoint, replay)
                        .map((row, context) -> new Replay.Preview(
                                row.getLong("count"),
                                row.getLong("duplicates"),
                                (row.getLong("count") + replay.perSecond() - 1) / replay.perSecond()))
                        .one());
    }

    @Override
    public long replay(TenantId tenant, String endpoint, Replay replay, Instant now) {
        return database.<Long, RuntimeException>asTenant(tenant, (Handle handle) -> {
            List<String> messages = inReplay(
                            handle.createQuery("""
                                    SELECT d.message_id FROM delivery d JOIN message m ON m.id = d.message_id
                                    WHERE d.tenant_id = :tenant
                                    """ + IN_REPLAY
                                    + " GROUP BY d.message_id ORDER BY min(d.created_at), d.message_id"),
                            tenant,
                            endpoint,
                            replay)
                    .mapTo(String.class)
                    .list();
            for (int from = 0; from < messages.size(); from += PAGE) {
                insert(
                        handle,
                        tenant,
                        endpoint,
                        messages.subList(from, Math.min(messages.size(), from + PAGE)),
                        now,
                        index -> now.plusMillis(1_000L * index / replay.perSecond()),
                        from);
            }
            return (long) messages.size();
        });
    }

    private interface DueAt {
        Instant of(int index);
    }

    private static void insert(
            Handle handle, TenantId tenant, String endpoint, List<String> messages, Instant now, DueAt due, int from) {
        PreparedBatch rows = handle.prepareBatch("""
                INSERT INTO delivery (id, tenant_id, endpoint_id, message_id, origin, status, due_at, created_at)
                VALUES (:id, :tenant, :endpoint, :message, 'replay', 'pending', :due, :now)
                """);
        for (int i = 0; i < messages.size(); i++) {
            rows.bind("id", PrefixedId.next("dlv", () -> now))
                    .bind("tenant", tenant.value())
                    .bind("endpoint", endpoint)
                    .bind("message", messages.get(i))
                    .bind("due", Timestamp.from(due.of(from + i)))
                    .bind("now", Timestamp.from(now))
                    .add();
        }
        rows.execute();
    }

    private static Query inReplay(Query query, TenantId tenant, String endpoint, Replay replay) {
        return query.bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .bind("since", Timestamp.from(replay.since()))
                .bind("until", Timestamp.from(replay.until()))
                .bindArray(
                        "statuses",
                        String.class,
                        replay.statuses().stream()
                                .map(PostgresDeliveryLog::text)
                                .toArray())
                .bind("type", replay.type());
    }

    @Override
    public long cancelReplays(TenantId tenant, String endpoint, Instant now) {
        return database.<Long, RuntimeException>asTenant(tenant, handle -> (long) handle.createUpdate("""
                        UPDATE delivery SET status = 'cancelled', finished_at = :now, last_error = 'the replay was cancelled'
                        WHERE tenant_id = :tenant AND endpoint_id = :endpoint AND origin = 'replay' AND status = 'pending'
                          AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
                        """)
                .bind("now", Timestamp.from(now))
                .bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .execute());
    }

    private static String text(Delivery.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Integer number(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        byte[] packed = row.getBytes("packed");
        Packed texts = packed == null
                ? new Packed(
                        row.getString("request_headers"),
                        row.getString("response_headers"),
                        row.getString("response_body"))
                : Packed.unpack(packed);
        return new Attempt(
                row.getInt("no"),
                row.getTimestamp("at").toInstant(),
                row.getBoolean("counted"),
                number(row, "status"),
                row.getString("error"),
                row.getString("detail"),
                row.getString("address"),
                new Attempt.Timing(
                        row.getLong("dns_micros"),
                        row.getLong("connect_micros"),
                        row.getLong("tls_micros"),
                        row.getLong("first_byte_micros"),
                        row.getLong("total_micros")),
                texts.requestHeaders(),
                texts.responseHeaders(),
                texts.responseBody());
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getString("id"),
                row.getString("endpoint_id"),
                row.getString("message_id"),
                row.getString("type"),
                row.getString("subject"),
                row.getLong("sequence"),
                Delivery.Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
                Delivery.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                row.getTimestamp("due_at").toInstant(),
                number(row, "last_status"),
                row.getString("last_error"),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("finished_at")));
    }
}
