package dev.gatehouse.webhooks.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.webhooks.guard.OpenReceivers;
import dev.gatehouse.webhooks.trial.Opening;
import dev.gatehouse.webhooks.trial.OpeningStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Openings in PostgreSQL. */
public final class PostgresOpeningStore implements OpeningStore {
    private final Database database;

    public PostgresOpeningStore(Database database) {
        this.database = database;
    }

    /** What the guard asks of it; only ever about addresses of this machine. */
    public OpenReceivers receivers(InstantSource clock) {
        return (tenant, port) -> find(tenant, port, clock.instant()).isPresent();
    }

    @Override
    public List<Opening> open(Instant now) {
        return database.<List<Opening>, RuntimeException>asSystem(handle -> handle.createQuery(
                        "SELECT * FROM open_receiver WHERE open_until > :now ORDER BY tenant_id, port")
                .bind("now", Timestamp.from(now))
                .map((row, context) -> opening(row))
                .list());
    }

    @Override
    public Optional<Opening> find(TenantId tenant, int port, Instant now) {
        return database.<Optional<Opening>, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery("""
                                SELECT * FROM open_receiver
                                WHERE tenant_id = :tenant AND port = :port AND open_until > :now
                                """)
                        .bind("tenant", tenant.value())
                        .bind("port", port)
                        .bind("now", Timestamp.from(now))
                        .map((row, context) -> opening(row))
                        .findOne());
    }

    @Override
    public void put(Opening opening, Instant now) {
        database.<Integer, RuntimeException>asSystem(handle -> {
            handle.createUpdate("DELETE FROM open_receiver WHERE open_until <= :now")
                    .bind("now", Timestamp.from(now))
                    .execute();
            return handle.createUpdate("""
                            INSERT INTO open_receiver (tenant_id, port, open_until) VALUES (:tenant, :port, :until)
                            ON CONFLICT (tenant_id, port) DO UPDATE SET open_until = EXCLUDED.open_until
                            """)
                    .bind("tenant", opening.tenant().value())
                    .bind("port", opening.port())
                    .bind("until", Timestamp.from(opening.until()))
                    .execute();
        });
    }

    @Override
    public void remove(TenantId tenant, int port) {
        database.<Integer, RuntimeException>asTenant(
                tenant,
                handle -> handle.createUpdate("DELETE FROM open_receiver WHERE tenant_id = :tenant AND port = :port")
                        .bind("tenant", tenant.value())
                        .bind("port", port)
                        .execute());
    }

    private static Opening opening(ResultSet row) throws SQLException {
        return new Opening(
                new TenantId(row.getString("tenant_id")),
                row.getInt("port"),
                row.getTimestamp("open_until").toInstant());
    }
}
