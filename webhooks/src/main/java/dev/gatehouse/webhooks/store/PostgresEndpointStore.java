package dev.gatehouse.webhooks.store;

import static dev.gatehouse.webhooks.store.PostgresDeliveryStore.instant;
import static dev.gatehouse.webhooks.store.PostgresDeliveryStore.timestamp;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.EventFilter;
import dev.gatehouse.webhooks.endpoint.EndpointStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Endpoints in PostgreSQL. */
public final class PostgresEndpointStore implements EndpointStore {
    private static final String SELECT = """
            SELECT e.*, (SELECT max(r.good_until) FROM retired_secret r WHERE r.endpoint_id = e.id) AS retired_until
            FROM endpoint e
            WHERE e.tenant_id = :tenant AND e.status <> 'deleted' AND (:mode::text IS NULL OR e.mode = :mode)
            """;

    private final Database database;
    private final @Nullable KeyMode mode;

    public PostgresEndpointStore(Database database) {
        this(database, null);
    }

    private PostgresEndpointStore(Database database, @Nullable KeyMode mode) {
        this.database = database;
        this.mode = mode;
    }

    @Override
    public EndpointStore in(KeyMode world) {
        return new PostgresEndpointStore(database, world);
    }

    private @Nullable String world() {
        return mode == null ? null : mode.text();
    }

    @Override
    public List<Endpoint> all(TenantId tenant) {
        return database.<List<Endpoint>, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery(SELECT + " ORDER BY e.id")
                        .bind("tenant", tenant.value())
                        .bind("mode", world())
                        .map((row, context) -> endpoint(row))
                        .list());
    }

    @Override
    public Optional<Endpoint> find(TenantId tenant, String id) {
        return database.<Optional<Endpoint>, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery(SELECT + " AND e.id = :id")
                        .bind("tenant", tenant.value())
                        .bind("mode", world())
                        .bind("id", id)
                        .map((row, context) -> endpoint(row))
                        .findOne());
    }

    @Override
    public Set<String> knownAlerts(TenantId tenant, List<String> ids) {
        return ids.isEmpty()
                ? Set.of()
                : database.<Set<String>, RuntimeException>asTenant(
                        tenant,
                        handle -> handle.createQuery("""
                                SELECT id FROM saved_alert
                                WHERE tenant_id = :tenant AND id = ANY(:ids) AND NOT deleted
                                """)
                                .bind("tenant", tenant.value())
                                .bindArray("ids", String.class, ids.toArray())
                                .mapTo(String.class)
                                .set());
    }

    @Override
    public boolean add(Endpoint endpoint, byte[] sealedSecret, int most) {
        return database.<Boolean, RuntimeException>asTenant(endpoint.tenant(), handle -> {
            // one after another per tenant, so that two at once cannot both be the last
            handle.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(?, 6))",
                    endpoint.tenant().value());
            long count = handle.createQuery(
                            "SELECT count(*) FROM endpoint WHERE tenant_id = :tenant AND mode = :mode AND status <> 'deleted'")
                    .bind("tenant", endpoint.tenant().value())
                    .bind("mode", endpoint.mode().text())
                    .mapTo(Long.class)
                    .one();
            if (count >= most) {
                return false;
            }
            handle.createUpdate("""
                            INSERT INTO endpoint (id, tenant_id, mode, url, description, event_types, filter, status, secret,
                                signature, public_key, ordered, created_at, updated_at)
                            VALUES (:id, :tenant, :mode, :url, :description, :types, :filter::jsonb, :status, :secret,
                                :signature, :publicKey, :ordered, :created, :updated)
                            """)
                    .bind("id", endpoint.id())
                    .bind("tenant", endpoint.tenant().value())
                    .bind("mode", endpoint.mode().text())
                    .bind("url", endpoint.url())
                    .bind("description", endpoint.description())
                    .bindArray("types", String.class, endpoint.eventTypes().toArray())
                    .bind("filter", Json.text(endpoint.filter()))
                    .bind("status", text(endpoint.status()))
                    .bind("secret", sealedSecret)
                    .bind("signature", text(endpoint.signing().scheme()))
                    .bind("publicKey", endpoint.signing().publicKey())
                    .bind("ordered", endpoint.ordered())
                    .bind("created", Timestamp.from(endpoint.createdAt()))
                    .bind("updated", Timestamp.from(endpoint.updatedAt()))
                    .execute();
            return true;
        });
    }

    @Override
    public boolean update(Endpoint endpoint) {
        return database.<Boolean, RuntimeException>asTenant(endpoint.tenant(), handle -> {
            if (endpoint.status() == Endpoint.Status.ENABLED) {
                handle.createUpdate("""
                                UPDATE endpoint SET failing_since = NULL, failures = 0, last_failed = NULL,
                                    open_until = NULL, trips = 0, offered_until = NULL
                                WHERE id = :id AND tenant_id = :tenant AND version = :version
                                  AND (status <> 'enabled' OR url <> :url)
                                """)
                        .bind("id", endpoint.id())
                        .bind("tenant", endpoint.tenant().value())
                        .bind("version", endpoint.version())
                        .bind("url", endpoint.url())
                        .execute();
            }
            return handle.createUpdate("""
                            UPDATE endpoint SET url = :url, description = :description, event_types = :types,
                                filter = :filter::jsonb, status = :status, reason = :reason,
                                ordered = :ordered, updated_at = :updated, version = version + 1
                            WHERE id = :id AND tenant_id = :tenant AND status <> 'deleted' AND version = :version
                            """)
                            .bind("url", endpoint.url())
                            .bind("description", endpoint.description())
                            .bindArray(
                                    "types", String.class, endpoint.eventTypes().toArray())
                            .bind("filter", Json.text(endpoint.filter()))
                            .bind("status", text(endpoint.status()))
                            .bind("reason", endpoint.reason())
                            .bind("ordered", endpoint.ordered())
                            .bind("updated", Timestamp.from(endpoint.updatedAt()))
                            .bind("id", endpoint.id())
                            .bind("tenant", endpoint.tenant().value())
                            .bind("version", endpoint.version())
                            .execute()
                    == 1;
        });
    }

    @Override
    public boolean replaceSecret(Endpoint old, Sealed secret, @Nullable Instant previousUntil, Instant now) {
        return database.<Boolean, RuntimeException>asTenant(old.tenant(), handle -> {
            // the row's lock first: whoever comes second finds another version
            byte[] replaced = handle.createQuery("""
                            SELECT secret FROM endpoint
                            WHERE id = :id AND tenant_id = :tenant AND status <> 'deleted' AND version = :version FOR UPDATE
                            """)
                    .bind("id", old.id())
                    .bind("tenant", old.tenant().value())
                    .bind("version", old.version())
                    .mapTo(byte[].class)
                    .findOne()
                    .orElse(null);
            if (replaced == null) {
                return false;
            }
            handle.createUpdate("""
                            DELETE FROM retired_secret
                            WHERE endpoint_id = :id AND (good_until <= :now OR :until::timestamptz IS NULL)
                            """)
                    .bind("id", old.id())
                    .bind("now", Timestamp.from(now))
                    .bind("until", timestamp(previousUntil))
                    .execute();
            if (previousUntil != null) {
                handle.createUpdate("""
                                INSERT INTO retired_secret (endpoint_id, tenant_id, retired_at, good_until, secret)
                                VALUES (:id, :tenant, :now, :until, :secret)
                                """)
                        .bind("id", old.id())
                        .bind("tenant", old.tenant().value())
                        .bind("now", Timestamp.from(now))
                        .bind("until", timestamp(previousUntil))
                        .bind("secret", replaced)
                        .execute();
            }
            handle.createUpdate("""
                            UPDATE endpoint SET secret = :secret, public_key = :publicKey, previous_secret = NULL,
                                previous_until = NULL, updated_at = :now, version = version + 1
                            WHERE id = :id
                            """)
                    .bind("secret", secret.secret())
                    .bind("publicKey", secret.publicKey())
                    .bind("now", Timestamp.from(now))
                    .bind("id", old.id())
                    .execute();
            return true;
        });
    }

    @Override
    public int retiredSecrets(TenantId tenant, String id, Instant now) {
        return database.<Integer, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery(
                                "SELECT count(*) FROM retired_secret WHERE endpoint_id = :id AND good_until > :now")
                        .bind("id", id)
                        .bind("now", Timestamp.from(now))
                        .mapTo(Integer.class)
                        .one());
    }

    @Override
    public boolean delete(Endpoint old, Instant now) {
        return database.<Boolean, RuntimeException>asTenant(old.tenant(), (Handle handle) -> {
            int changed = handle.createUpdate("""
                            UPDATE endpoint SET status = 'deleted', updated_at = :now, previous_secret = NULL,
                                version = version + 1
                            WHERE id = :id AND tenant_id = :tenant AND status <> 'deleted' AND version = :version
                            """)
                    .bind("now", Timestamp.from(now))
                    .bind("id", old.id())
                    .bind("tenant", old.tenant().value())
                    .bind("version", old.version())
                    .execute();
            if (changed == 0) {
                return false;
            }
            handle.execute("DELETE FROM retired_secret WHERE endpoint_id = ?", old.id());
            EndpointRows.end(handle, old.id(), "cancelled", "the endpoint was deleted", now);
            return true;
        });
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Endpoint endpoint(ResultSet row) throws SQLException {
        return new Endpoint(
                row.getString("id"),
                new TenantId(row.getString("tenant_id")),
                KeyMode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)),
                row.getString("url"),
                row.getString("description"),
                Arrays.asList((String[]) row.getArray("event_types").getArray()),
                Json.read(row.getString("filter"), EventFilter.class),
                Endpoint.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getString("reason"),
                row.getTimestamp("open_until") == null ? Endpoint.Breaker.CLOSED : Endpoint.Breaker.OPEN,
                instant(row.getTimestamp("failing_since")),
                instant(row.getTimestamp("retired_until")),
                new Endpoint.Signing(
                        Endpoint.Scheme.valueOf(row.getString("signature").toUpperCase(Locale.ROOT)),
                        row.getString("public_key")),
                row.getBoolean("ordered"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getLong("version"));
    }
}
