package dev.gatehouse.metering.store;

import dev.gatehouse.metering.DeadLetterEntry;
import dev.gatehouse.runtime.sql.Database;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of what could not be taken. */
public final class DeadLetters {
    private final Database database;

    /** @param database opened on schema {@code ledger} */
    public DeadLetters(Database database) {
        this.database = database;
    }

    /** The oldest first. */
    public List<DeadLetterEntry> open(int limit) {
        return database.asSystem((Handle handle) -> handle.createQuery(
                        "SELECT * FROM dead_letter WHERE replayed_at IS NULL ORDER BY id LIMIT :limit")
                .bind("limit", limit)
                .map(DeadLetters::entry)
                .list());
    }

    public Optional<DeadLetterEntry> find(long id) {
        return database.asSystem((Handle handle) -> handle.createQuery("SELECT * FROM dead_letter WHERE id = :id")
                .bind("id", id)
                .map(DeadLetters::entry)
                .findOne());
    }

    /** Notes that an operator has seen to it. */
    public void resolve(long id, String resolution) {
        database.asSystem((Handle handle) -> handle.createUpdate(
                        "UPDATE dead_letter SET replayed_at = now(), resolution = :resolution WHERE id = :id")
                .bind("id", id)
                .bind("resolution", resolution)
                .execute());
    }

    private static DeadLetterEntry entry(java.sql.ResultSet row, StatementContext context)
            throws java.sql.SQLException {
        return new DeadLetterEntry(
                row.getLong("id"),
                row.getInt("shard"),
                row.getString("producer"),
                row.getLong("epoch"),
                row.getLong("seq"),
                row.getString("reason"),
                row.getBytes("content"),
                row.getObject("seen", OffsetDateTime.class).toInstant());
    }
}
