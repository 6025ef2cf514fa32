package dev.gatehouse.directory.store;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Answers given to changes that carried an idempotency key. */
public final class IdempotencyRows {
    private static final int MOST = 100_000;
    private static final int LOOK = 256;

    /**
     * @param requestHash of what was asked for
     * @param sealed the body, encrypted
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Given(String requestHash, int status, byte[] sealed) {}

    private final Handle handle;

    IdempotencyRows(Handle handle) {
        this.handle = handle;
    }

    public Optional<Given> find(String keyHash, Instant since) {
        return handle.createQuery(
                        "SELECT request_hash, status, answer FROM idempotency WHERE key_hash = :key AND at > :since")
                .bind("key", keyHash)
                .bind("since", Columns.utc(since))
                .map((row, context) ->
                        new Given(row.getString("request_hash"), row.getInt("status"), row.getBytes("answer")))
                .findOne();
    }

    /** Also forgets those that nobody will ask for any more, and the oldest of more than {@value #MOST}. */
    public void put(String keyHash, Given given, Instant at, Instant forgetBefore) {
        handle.createUpdate("DELETE FROM idempotency WHERE at <= :before")
                .bind("before", Columns.utc(forgetBefore))
                .execute();
        // the cap is looked at now and then: it is there so that the table ends somewhere, not to the row
        if (Math.floorMod(keyHash.hashCode(), LOOK) == 0) {
            handle.createUpdate("""
                            DELETE FROM idempotency WHERE at <
                                (SELECT at FROM idempotency ORDER BY at DESC OFFSET :most LIMIT 1)
                            """).bind("most", MOST).execute();
        }
        handle.createUpdate("""
                        INSERT INTO idempotency (key_hash, request_hash, status, answer, at)
                        VALUES (:key, :request, :status, :answer, :at)
                        """)
                .bind("key", keyHash)
                .bind("request", given.requestHash())
                .bind("status", given.status())
                .bind("answer", given.sealed())
                .bind("at", Columns.utc(at))
                .execute();
    }
}
