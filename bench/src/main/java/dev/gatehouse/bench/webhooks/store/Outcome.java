package dev.gatehouse.bench.webhooks.store;

import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.store.Schema;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;

/** What became of deliveries, read from the webhooks' own tables. */
public final class Outcome implements AutoCloseable {
    private final Database database;

    private Outcome(Database database) {
        this.database = database;
    }

    public static Outcome open(DatabaseUrl url) throws SQLException {
        return new Outcome(Database.open(url, Schema.SERVICE, Schema.MIGRATIONS, 2));
    }

    /** A delivery that an event led to. */
    public record Row(String endpoint, String message, String status) {}

    public List<Row> deliveries() {
        return database.<List<Row>, RuntimeException>asSystem(handle -> handle.createQuery(
                        "SELECT endpoint_id, message_id, status FROM delivery WHERE origin = 'event'")
                .map((row, context) ->
                        new Row(row.getString("endpoint_id"), row.getString("message_id"), row.getString("status")))
                .list());
    }

    /** How far events were turned into deliveries. */
    public long cursor() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT COALESCE(max(sequence), 0) FROM feed_cursor")
                        .mapTo(Long.class)
                        .one());
    }

    /** Deliveries that could be made now, or are being made. */
    public long dueNow(Instant now) {
        return database.<Long, RuntimeException>asSystem(handle -> handle.createQuery("""
                        SELECT count(*) FROM delivery d JOIN endpoint e ON e.id = d.endpoint_id
                        WHERE d.status = 'pending' AND d.due_at <= :now AND e.status = 'enabled' AND e.open_until IS NULL
                        """)
                .bind("now", Timestamp.from(now))
                .mapTo(Long.class)
                .one());
    }

    public long pending() {
        return count("SELECT count(*) FROM delivery WHERE status = 'pending'");
    }

    public long attempts() {
        return count("SELECT count(*) FROM attempt");
    }

    private long count(String query) {
        return database.<Long, RuntimeException>asSystem(
                handle -> handle.createQuery(query).mapTo(Long.class).one());
    }

    @Override
    public void close() {
        database.close();
    }
}
