package dev.gatehouse.portal.store;

import dev.gatehouse.portal.shown.ShownStore;
import dev.gatehouse.runtime.sql.Database;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/** In PostgreSQL, since the page that follows may be another portal process's to show. */
public final class PostgresShownStore implements ShownStore {
    private final Database database;

    public PostgresShownStore(Database database) {
        this.database = database;
    }

    @Override
    public void keep(String session, String subject, byte[] sealed, Instant until, Instant now) {
        database.<Integer, RuntimeException>asSystem(sql -> {
            sql.createUpdate("DELETE FROM shown_secret WHERE until <= :now")
                    .bind("now", Timestamp.from(now))
                    .execute();
            return sql.createUpdate("""
                            INSERT INTO shown_secret (session_id, subject, sealed, until)
                            VALUES (:session, :subject, :sealed, :until)
                            ON CONFLICT (session_id, subject) DO UPDATE
                            SET sealed = excluded.sealed, times = 0, until = excluded.until
                            """)
                    .bind("session", session)
                    .bind("subject", subject)
                    .bind("sealed", sealed)
                    .bind("until", Timestamp.from(until))
                    .execute();
        });
    }

    @Override
    public Optional<byte[]> show(String session, String subject, int times, Instant now) {
        return database.<Optional<byte[]>, RuntimeException>asSystem(sql -> sql.createQuery("""
                                UPDATE shown_secret SET times = times + 1
                                WHERE session_id = :session AND subject = :subject AND times < :times AND until > :now
                                RETURNING sealed
                                """)
                .bind("session", session)
                .bind("subject", subject)
                .bind("times", times)
                .bind("now", Timestamp.from(now))
                .map((row, context) -> row.getBytes("sealed"))
                .findOne());
    }
}
