package dev.gatehouse.enrichment.store;

import dev.gatehouse.enrichment.batch.UsageOutbox;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Usage that waits in PostgreSQL for the ledger. */
public final class PostgresUsageOutbox implements UsageOutbox {
    private final Database database;

    public PostgresUsageOutbox(Database database) {
        this.database = database;
    }

    @Override
    public OptionalLong epoch() {
        return database.<OptionalLong, RuntimeException>asSystem(
                transaction -> transaction.createQuery("SELECT epoch FROM usage_sequence").mapTo(Long.class).stream()
                        .mapToLong(Long::longValue)
                        .findFirst());
    }

    @Override
    public List<Waiting> after(long seq, int limit) {
        return database.<List<Waiting>, RuntimeException>asSystem(transaction -> transaction
                .createQuery("SELECT * FROM usage_event WHERE seq > :seq ORDER BY seq LIMIT :limit")
                .bind("seq", seq)
                .bind("limit", limit)
                .map((row, context) -> waiting(row))
                .list());
    }

    @Override
    public void counted(long last) {
        int unused = database.<Integer, RuntimeException>asSystem(transaction -> transaction
                .createUpdate("UPDATE usage_event SET counted = true WHERE seq <= :last AND NOT counted")
                .bind("last", last)
                .execute());
    }

    @Override
    public void settled(long last) {
        int unused = database.<Integer, RuntimeException>asSystem(transaction -> transaction
                .createUpdate("DELETE FROM usage_event WHERE seq <= :last")
                .bind("last", last)
                .execute());
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        return new Waiting(
                row.getLong("seq"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                new TenantId(row.getString("tenant_id")),
                new KeyId(row.getString("key_id")),
                KeyMode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)),
                row.getString("plan"),
                row.getString("request_id"),
                row.getInt("status"),
                row.getInt("units"),
                row.getInt("bytes"),
                row.getBoolean("counted"));
    }
}
