package dev.gatehouse.signals.store;

import dev.gatehouse.kernel.signal.AlertFilter;
import dev.gatehouse.kernel.signal.SavedAlert;
import dev.gatehouse.runtime.api.IdempotencyKey;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.signals.alert.Alert;
import dev.gatehouse.signals.alert.Alerts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Alerts in PostgreSQL: each call works in its tenant's context, and asks for the tenant's rows besides. */
public final class PostgresAlerts implements Alerts {
    private static final Duration REMEMBERED = Duration.ofHours(24);
    private static final String OWN = " tenant_id = :tenant AND mode = :mode AND deleted_at IS NULL";

    private final Database database;

    PostgresAlerts(Database database) {
        this.database = database;
    }

    @Override
    public Saved save(Owner owner, Alert alert, @Nullable IdempotencyKey request) {
        return database.<Saved, RuntimeException>asTenant(owner.tenant(), transaction -> {
            // one after another per tenant: two requests with one key at once, or two that would both be the last alert
            transaction.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(?, 5))",
                    owner.tenant().value());
            if (request != null) {
                Optional<Saved> before = before(transaction, owner, request, alert.createdAt());
                if (before.isPresent()) {
                    return before.get();
                }
            }
            if (count(transaction, owner) >= MOST) {
                return new Saved.TooMany();
            }
            insert(transaction, owner, alert);
            if (request != null) {
                remember(transaction, owner, alert, request);
            }
            return new Saved.New(alert);
        });
    }

    private static Optional<Saved> before(Handle transaction, Owner owner, IdempotencyKey request, Instant now) {
        transaction
                .createUpdate("DELETE FROM alert_request WHERE tenant_id = :tenant AND created_at < :old")
                .bind("tenant", owner.tenant().value())
                .bind("old", HomeRows.time(now.minus(REMEMBERED)))
                .execute();
        return transaction
                .createQuery("""
                        SELECT r.digest, a.id, a.name, a.filter, a.created_at FROM alert_request r
                        JOIN alert a ON a.id = r.alert_id AND a.tenant_id = r.tenant_id
                        WHERE r.tenant_id = :tenant AND r.mode = :mode AND r.key = :key
                        """)
                .bind("tenant", owner.tenant().value())
                .bind("mode", owner.mode().text())
                .bind("key", request.key())
                .map((row, context) -> row.getString("digest").equals(request.digest())
                        ? (Saved) new Saved.Again(alert(row))
                        : new Saved.OtherRequest())
                .findOne();
    }

    private static long count(Handle transaction, Owner owner) {
        return transaction
                .createQuery("SELECT count(*) FROM alert WHERE" + OWN)
                .bind("tenant", owner.tenant().value())
                .bind("mode", owner.mode().text())
                .mapTo(Long.class)
                .one();
    }

    private static void insert(Handle transaction, Owner owner, Alert alert) {
        transaction
                .createUpdate("""
                        WITH taken AS (UPDATE alert_version SET version = version + 1 RETURNING version)
                        INSERT INTO alert (id, tenant_id, mode, name, filter, version, created_at)
                        SELECT :id, :tenant, :mode, :name, :filter::jsonb, version, :created FROM taken
                        """)
                .bind("id", alert.id())
                .bind("tenant", owner.tenant().value())
                .bind("mode", owner.mode().text())
                .bind("name", alert.name())
                .bind("filter", Json.text(alert.filter()))
                .bind("created", HomeRows.time(alert.createdAt()))
                .execute();
    }

    private static void remember(Handle transaction, Owner owner, Alert alert, IdempotencyKey request) {
        transaction
                .createUpdate("""
                        INSERT INTO alert_request (tenant_id, mode, key, digest, alert_id, created_at)
                        VALUES (:tenant, :mode, :key, :digest, :alert, :created)
                        """)
                .bind("tenant", owner.tenant().value())
                .bind("mode", owner.mode().text())
                .bind("key", request.key())
                .bind("digest", request.digest())
                .bind("alert", alert.id())
                .bind("created", HomeRows.time(alert.createdAt()))
                .execute();
    }

    @Override
    public List<Alert> page(Owner owner, @Nullable String after, int limit) {
        return database.<List<Alert>, RuntimeException>asTenant(
                owner.tenant(),
                handle -> handle.createQuery(
                                "SELECT * FROM alert WHERE" + OWN + " AND id > :after ORDER BY id LIMIT :limit")
                        .bind("tenant", owner.tenant().value())
                        .bind("mode", owner.mode().text())
                        .bind("after", after == null ? "" : after)
                        .bind("limit", limit)
                        .map((row, context) -> alert(row))
                        .list());
    }

    @Override
    public Optional<Alert> find(Owner owner, String id) {
        return database.<Optional<Alert>, RuntimeException>asTenant(
                owner.tenant(),
                handle -> handle.createQuery("SELECT * FROM alert WHERE" + OWN + " AND id = :id")
                        .bind("tenant", owner.tenant().value())
                        .bind("mode", owner.mode().text())
                        .bind("id", id)
                        .map((row, context) -> alert(row))
                        .findOne());
    }

    @Override
    public boolean delete(Owner owner, String id) {
        return database.<Boolean, RuntimeException>asTenant(owner.tenant(), handle -> {
            boolean there = handle.createQuery(
                            "SELECT EXISTS (SELECT FROM alert WHERE" + OWN + " AND id = :id FOR UPDATE)")
                    .bind("tenant", owner.tenant().value())
                    .bind("mode", owner.mode().text())
                    .bind("id", id)
                    .mapTo(Boolean.class)
                    .one();
            if (there) {
                handle.createUpdate("""
                                WITH taken AS (UPDATE alert_version SET version = version + 1 RETURNING version)
                                UPDATE alert SET deleted_at = now(), version = taken.version FROM taken
                                WHERE id = :id AND tenant_id = :tenant
                                """)
                        .bind("id", id)
                        .bind("tenant", owner.tenant().value())
                        .execute();
            }
            return there;
        });
    }

    /** Changes of all tenants' live alerts after a version, in order: for other processes of the installation. */
    public SavedAlert.Page changes(long after, int limit) {
        return database.<SavedAlert.Page, RuntimeException>asSystem(handle -> {
            List<SavedAlert> alerts = handle.createQuery("""
                            SELECT id, tenant_id, version, deleted_at IS NOT NULL OR mode <> 'live' AS deleted, filter FROM alert
                            WHERE version > :after ORDER BY version LIMIT :limit
                            """)
                    .bind("after", after)
                    .bind("limit", limit)
                    .map((row, context) -> new SavedAlert(
                            row.getString("id"),
                            row.getString("tenant_id"),
                            row.getLong("version"),
                            row.getBoolean("deleted"),
                            Json.read(row.getString("filter"), AlertFilter.class)))
                    .list();
            long last = handle.createQuery("SELECT version FROM alert_version")
                    .mapTo(Long.class)
                    .one();
            return new SavedAlert.Page(alerts, last);
        });
    }

    private static Alert alert(ResultSet row) throws SQLException {
        return new Alert(
                row.getString("id"),
                row.getString("name"),
                Json.read(row.getString("filter"), AlertFilter.class),
                Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class))
                        .toInstant());
    }
}
