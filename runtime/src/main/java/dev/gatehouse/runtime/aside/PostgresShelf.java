package dev.gatehouse.runtime.aside;

import dev.gatehouse.kernel.aside.SetAside;
import dev.gatehouse.runtime.sql.Database;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shelf in a module's own schema, for records that come once: a record is set aside in the transaction that also moves the
 * consumer past it, so that it is neither lost nor met for ever. Every schema has the table ({@link #TABLE}).
 */
public final class PostgresShelf implements Shelf {
    /** Made beside a schema's own tables. The content is kept only where nothing else holds it. */
    public static final String TABLE = """
            CREATE TABLE IF NOT EXISTS set_aside (
                source text NOT NULL, record text NOT NULL, reason text NOT NULL,
                first_seen timestamptz NOT NULL DEFAULT now(), last_seen timestamptz NOT NULL DEFAULT now(),
                times bigint NOT NULL DEFAULT 1, bytes bigint NOT NULL DEFAULT 0, digest text, content bytea,
                state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'again', 'dropped')),
                resolution text, PRIMARY KEY (source, record))
            """;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresShelf.class);

    private final Database database;
    private final String source;
    private final Runnable again;

    /** @param again run when a record is to be tried again; the consumer then asks {@link #wanted} */
    public PostgresShelf(Database database, String source, Runnable again) {
        this.database = database;
        this.source = source;
        this.again = again;
    }

    @Override
    public String source() {
        return source;
    }

    /**
     * Sets a record aside in the consumer's transaction, or notes that it still cannot be used.
     *
     * @param content what the record says; only its length and digest are kept
     */
    public void put(Handle transaction, String record, String reason, @Nullable String content) {
        put(transaction, record, reason, content, null);
    }

    /** As {@link #put}, and keeps the content, since it is about to go where it stands. */
    public void keep(Handle transaction, String record, String reason, String content) {
        put(transaction, record, reason, content, content.getBytes(StandardCharsets.UTF_8));
    }

    private void put(
            Handle transaction, String record, String reason, @Nullable String content, byte @Nullable [] kept) {
        SetAside bounded =
                new SetAside(source, record, reason, java.time.Instant.EPOCH, java.time.Instant.EPOCH, 1, 0, null);
        transaction
                .createUpdate("""
                        INSERT INTO set_aside (source, record, reason, bytes, digest, content)
                        VALUES (:source, :record, :reason, :bytes, :digest, :content)
                        ON CONFLICT (source, record) DO UPDATE SET reason = excluded.reason, last_seen = now(),
                            times = set_aside.times + 1, state = 'open'
                        """)
                .bind("source", source)
                .bind("record", bounded.record())
                .bind("reason", bounded.reason())
                .bind("bytes", content == null ? 0 : content.length())
                .bind("digest", content == null ? null : MemoryShelf.digest(content))
                .bind("content", kept)
                .execute();
        LOG.error("{} sets {} aside: {}", source, bounded.record(), bounded.reason());
    }

    /** The record could be used after all. */
    public void used(Handle transaction, String record) {
        transaction
                .createUpdate("DELETE FROM set_aside WHERE source = :source AND record = :record")
                .bind("source", source)
                .bind("record", record)
                .execute();
        LOG.info("{} could use {} after all", source, record);
    }

    /** Records that an operator wants to be tried again, the oldest first. */
    public List<String> wanted() {
        return database.<List<String>, RuntimeException>asSystem(handle -> handle.createQuery(
                        "SELECT record FROM set_aside WHERE source = :source AND state = 'again' ORDER BY first_seen LIMIT 100")
                .bind("source", source)
                .mapTo(String.class)
                .list());
    }

    /** What was kept of a record; null when nothing was. */
    public @Nullable String content(Handle transaction, String record) {
        return transaction
                .createQuery("SELECT content FROM set_aside WHERE source = :source AND record = :record")
                .bind("source", source)
                .bind("record", record)
                .map((row, context) -> row.getBytes("content"))
                .findOne()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(null);
    }

    @Override
    public long size() {
        return database.<Long, RuntimeException>asSystem(handle -> handle.createQuery(
                        "SELECT count(*) FROM set_aside WHERE source = :source AND state <> 'dropped'")
                .bind("source", source)
                .mapTo(Long.class)
                .one());
    }

    @Override
    public List<SetAside> list(int limit) {
        return database.<List<SetAside>, RuntimeException>asSystem(handle -> handle.createQuery("""
                        SELECT record, reason, first_seen, last_seen, times, bytes, digest FROM set_aside
                        WHERE source = :source AND state <> 'dropped' ORDER BY first_seen, record LIMIT :limit
                        """)
                .bind("source", source)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list());
    }

    private SetAside read(ResultSet row) throws SQLException {
        return new SetAside(
                source,
                row.getString("record"),
                row.getString("reason"),
                Objects.requireNonNull(row.getObject("first_seen", OffsetDateTime.class))
                        .toInstant(),
                Objects.requireNonNull(row.getObject("last_seen", OffsetDateTime.class))
                        .toInstant(),
                row.getLong("times"),
                row.getLong("bytes"),
                row.getString("digest"));
    }

    @Override
    public boolean retry(String record) {
        boolean there = state(record, "again", null);
        if (there) {
            again.run();
        }
        return there;
    }

    @Override
    public boolean drop(String record, String reason) {
        return state(record, "dropped", reason);
    }

    private boolean state(String record, String state, @Nullable String resolution) {
        return database.<Integer, RuntimeException>asSystem(handle -> handle.createUpdate("""
                                UPDATE set_aside SET state = :state, resolution = :resolution
                                WHERE source = :source AND record = :record AND state <> 'dropped'
                                """)
                        .bind("state", state)
                        .bind("resolution", resolution)
                        .bind("source", source)
                        .bind("record", record)
                        .execute())
                > 0;
    }
}
