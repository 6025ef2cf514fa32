package dev.gatehouse.directory.store;

import dev.gatehouse.directory.admin.OperatorRole;
import dev.gatehouse.directory.admin.OperatorToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of operator tokens. Rows are never removed. */
public final class OperatorRows {
    private final Handle handle;

    OperatorRows(Handle handle) {
        this.handle = handle;
    }

    /** In the order of their making. */
    public List<OperatorToken> all() {
        return handle.createQuery("SELECT * FROM operator_token ORDER BY token_id")
                .map((row, context) -> token(row))
                .list();
    }

    public Optional<OperatorToken> find(String id) {
        return handle.createQuery("SELECT * FROM operator_token WHERE token_id = :id")
                .bind("id", id)
                .map((row, context) -> token(row))
                .findOne();
    }

    /** @param hash SHA-256 of its text, 64 lower-case hexadecimal digits */
    public Optional<OperatorToken> findByHash(String hash) {
        return handle.createQuery("SELECT * FROM operator_token WHERE hash = :hash")
                .bind("hash", hash)
                .map((row, context) -> token(row))
                .findOne();
    }

    public void insert(OperatorToken token, String hash) {
        handle.createUpdate("""
                        INSERT INTO operator_token (token_id, name, role, hash, prefix, created_at, expires_at)
                        VALUES (:id, :name, :role, :hash, :prefix, :created, :expires)
                        """)
                .bind("id", token.id())
                .bind("name", token.name())
                .bind("role", token.role().name())
                .bind("hash", hash)
                .bind("prefix", token.prefix())
                .bind("created", Columns.utc(token.createdAt()))
                .bind("expires", Columns.utc(token.expiresAt()))
                .execute();
    }

    public void revoke(String id, Instant at) {
        handle.createUpdate("UPDATE operator_token SET revoked_at = :at WHERE token_id = :id AND revoked_at IS NULL")
                .bind("id", id)
                .bind("at", Columns.utc(at))
                .execute();
    }

    private static OperatorToken token(ResultSet row) throws SQLException {
        return new OperatorToken(
                row.getString("token_id"),
                row.getString("name"),
                OperatorRole.valueOf(row.getString("role")),
                row.getString("prefix"),
                Columns.instant(row, "created_at"),
                Columns.maybeInstant(row, "expires_at"),
                Columns.maybeInstant(row, "revoked_at"));
    }
}
