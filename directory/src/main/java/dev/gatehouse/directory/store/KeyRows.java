package dev.gatehouse.directory.store;

import dev.gatehouse.directory.Key;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.UnusableEntry;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The table of keys. Rows are never removed. */
public final class KeyRows {
    private final Handle handle;

    KeyRows(Handle handle) {
        this.handle = handle;
    }

    public Optional<Key> find(KeyId id) {
        return handle.createQuery("SELECT * FROM api_key WHERE key_id = :id")
                .bind("id", id.value())
                .map((row, context) -> key(row))
                .findOne();
    }

    /** @param hash 64 lower-case hexadecimal digits */
    public Optional<Key> findByHash(String hash) {
        return handle.createQuery("SELECT * FROM api_key WHERE hash = :hash")
                .bind("hash", hash)
                .map((row, context) -> key(row))
                .findOne();
    }

    /** Newest first. */
    public List<Key> of(TenantId tenant) {
        return Changed.read(
                        handle.createQuery("SELECT * FROM api_key WHERE tenant_id = :tenant ORDER BY key_id DESC")
                                .bind("tenant", tenant.value()),
                        UnusableEntry.Kind.KEY,
                        "key_id",
                        "hash",
                        KeyRows::key)
                .entries();
    }

    public long count(TenantId tenant) {
        return handle.createQuery("SELECT count(*) FROM api_key WHERE tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(Long.class)
                .one();
    }

    public Changed<KeyEntry> changedAfter(long version) {
        return Changed.read(
                handle.createQuery("SELECT * FROM api_key WHERE version > :version ORDER BY version")
                        .bind("version", version),
                UnusableEntry.Kind.KEY,
                "key_id",
                "hash",
                row -> key(row).entry());
    }

    public void insert(Key key) {
        KeyEntry entry = key.entry();
        handle.createUpdate("""
                        INSERT INTO api_key (key_id, tenant_id, hash, prefix, name, mode, scopes, expires_at, revoked_at,
                                             allowed_addresses, quota_percent, created_at, version)
                        VALUES (:id, :tenant, :hash, :prefix, :name, :mode, :scopes, :expires, :revoked, :addresses,
                                :percent, :created, :version)
                        """)
                .bind("id", entry.id().value())
                .bind("tenant", entry.tenant().value())
                .bind("hash", entry.hash())
                .bind("prefix", entry.prefix())
                .bind("name", key.name())
                .bind("mode", entry.mode().name())
                .bindArray(
                        "scopes", String.class, entry.scopes().stream().sorted().toList())
                .bind("expires", Columns.utc(entry.expiresAt()))
                .bind("revoked", Columns.utc(entry.revokedAt()))
                .bindArray("addresses", String.class, entry.allowedAddresses())
                .bind("percent", entry.quotaPercent())
                .bind("created", Columns.utc(key.createdAt()))
                .bind("version", entry.version())
                .execute();
    }

    /** Writes when the key ends; nothing else of a key changes. */
    public void updateEnd(KeyEntry entry) {
        handle.createUpdate("""
                        UPDATE api_key SET expires_at = :expires, revoked_at = :revoked, version = :version
                        WHERE key_id = :id AND tenant_id = :tenant
                        """)
                .bind("id", entry.id().value())
                .bind("tenant", entry.tenant().value())
                .bind("expires", Columns.utc(entry.expiresAt()))
                .bind("revoked", Columns.utc(entry.revokedAt()))
                .bind("version", entry.version())
                .execute();
    }

    private static Key key(ResultSet row) throws SQLException {
        KeyEntry entry = new KeyEntry(
                new KeyId(row.getString("key_id")),
                new TenantId(row.getString("tenant_id")),
                row.getString("hash"),
                row.getString("prefix"),
                KeyMode.valueOf(row.getString("mode")),
                Set.copyOf(Columns.texts(row, "scopes")),
                Columns.maybeInstant(row, "expires_at"),
                Columns.maybeInstant(row, "revoked_at"),
                Columns.texts(row, "allowed_addresses"),
                Columns.maybeInt(row, "quota_percent"),
                row.getLong("version"));
        return new Key(entry, row.getString("name"), Columns.instant(row, "created_at"));
    }
}
