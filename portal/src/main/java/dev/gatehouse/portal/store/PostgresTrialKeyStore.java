package dev.gatehouse.portal.store;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.portal.trial.TrialKeyStore;
import dev.gatehouse.runtime.sql.Database;
import java.util.Optional;

public final class PostgresTrialKeyStore implements TrialKeyStore {
    private final Database database;

    public PostgresTrialKeyStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Kept> find(TenantId tenant) {
        return database.asTenant(
                tenant,
                sql -> sql.createQuery("SELECT key_id, sealed FROM trial_key WHERE tenant_id = :tenant")
                        .bind("tenant", tenant.value())
                        .map((row, context) -> new Kept(new KeyId(row.getString("key_id")), row.getBytes("sealed")))
                        .findOne());
    }

    @Override
    public void keep(TenantId tenant, Kept kept) {
        database.asTenant(
                tenant,
                sql -> sql.createUpdate("""
                INSERT INTO trial_key (tenant_id, key_id, sealed) VALUES (:tenant, :key, :sealed)
                ON CONFLICT (tenant_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed
                """)
                        .bind("tenant", tenant.value())
                        .bind("key", kept.key().value())
                        .bind("sealed", kept.sealed())
                        .execute());
    }
}
