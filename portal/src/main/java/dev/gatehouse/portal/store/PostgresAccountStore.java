package dev.gatehouse.portal.store;

import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.portal.account.AccountStore;
import dev.gatehouse.portal.account.MailLink;
import dev.gatehouse.portal.account.Person;
import dev.gatehouse.portal.account.Session;
import dev.gatehouse.runtime.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

public final class PostgresAccountStore implements AccountStore {
    private final Database database;

    public PostgresAccountStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(Person person) {
        return database.jdbi()
                .withHandle(sql -> sql.createUpdate("""
                INSERT INTO person (id, mail, password, created_at) VALUES (:id, :mail, :password, :at)
                ON CONFLICT (mail) DO NOTHING
                """)
                                .bind("id", person.id().value())
                                .bind("mail", person.mail())
                                .bind("password", person.password())
                                .bind("at", utc(person.createdAt()))
                                .execute()
                        == 1);
    }

    @Override
    public Optional<Person> byMail(String mail) {
        return database.jdbi()
                .withHandle(sql -> sql.createQuery("SELECT * FROM person WHERE mail = :mail")
                        .bind("mail", mail)
                        .map((row, context) -> person(row))
                        .findOne());
    }

    @Override
    public Optional<Person> byId(MemberId person) {
        return database.jdbi()
                .withHandle(sql -> sql.createQuery("SELECT * FROM person WHERE id = :id")
                        .bind("id", person.value())
                        .map((row, context) -> person(row))
                        .findOne());
    }

    @Override
    public void changePassword(MemberId person, String password) {
        database.jdbi().useTransaction(sql -> change(sql, person, password));
    }

    private static void change(Handle sql, MemberId person, String password) {
        sql.createUpdate("UPDATE person SET password = :password WHERE id = :id")
                .bind("id", person.value())
                .bind("password", password)
                .execute();
        sql.createUpdate("DELETE FROM session WHERE person_id = :id")
                .bind("id", person.value())
                .execute();
    }

    @Override
    public void addSession(byte[] hash, Session session) {
        database.jdbi()
                .useHandle(sql -> sql.createUpdate("""
                INSERT INTO session (hash, id, person_id, created_at, seen_at, rotated_at, expires_at, address, agent)
                VALUES (:hash, :id, :person, :at, :at, :at, :expires, :address, :agent)
                """)
                        .bind("hash", hash)
                        .bind("id", session.id())
                        .bind("person", session.person().value())
                        .bind("at", utc(session.createdAt()))
                        .bind("expires", utc(session.expiresAt()))
                        .bind("address", session.address())
                        .bind("agent", session.agent())
                        .execute());
    }

    @Override
    public Optional<Session> session(byte[] hash, Instant now) {
        return database.jdbi()
                .withHandle(sql -> sql.createQuery("""
                SELECT s.*, p.mail FROM session s JOIN person p ON p.id = s.person_id
                WHERE (s.hash = :hash OR s.previous = :hash AND s.rotated_at > :grace) AND s.expires_at > :now
                """)
                        .bind("hash", hash)
                        .bind("grace", utc(now.minusSeconds(60)))
                        .bind("now", utc(now))
                        .map((row, context) -> session(row))
                        .findOne());
    }

    @Override
    public void seen(String session, Instant now) {
        database.jdbi()
                .useHandle(sql -> sql.createUpdate("UPDATE session SET seen_at = :now WHERE id = :id")
                        .bind("id", session)
                        .bind("now", utc(now))
                        .execute());
    }

    @Override
    public boolean rotateSession(byte[] hash, byte[] next, Instant now) {
        return database.jdbi()
                .withHandle(sql -> sql.createUpdate("""
                UPDATE session SET hash = :next, previous = :hash, rotated_at = :now WHERE hash = :hash
                """)
                                .bind("hash", hash)
                                .bind("next", next)
                                .bind("now", utc(now))
                                .execute()
                        == 1);
    }

    @Override
    public void endSession(byte[] hash) {
        database.jdbi()
                .useHandle(sql -> sql.createUpdate("DELETE FROM session WHERE hash = :hash")
                        .bind("hash", hash)
                        .execute());
    }

    @Override
    public boolean endSession(MemberId person, String id) {
        return database.jdbi()
                .withHandle(sql -> sql.createUpdate("DELETE FROM session WHERE id = :id AND person_id = :person")
                                .bind("id", id)
                                .bind("person", person.value())
                                .execute()
                        == 1);
    }

    @Override
    public void endOtherSessions(MemberId person, String kept) {
        database.jdbi()
                .useHandle(sql -> sql.createUpdate("DELETE FROM session WHERE person_id = :person AND id <> :kept")
                        .bind("person", person.value())
                        .bind("kept", kept)
                        .execute());
    }

    @Override
    public void delete(MemberId person) {
        // as the system: memberships of every organisation go with the person
        database.asSystem(sql -> sql.createUpdate("DELETE FROM person WHERE id = :id")
                .bind("id", person.value())
                .execute());
    }

    @Override
    public List<Session> sessions(MemberId person, Instant now) {
        return database.jdbi()
                .withHandle(sql -> sql.createQuery("""
                SELECT s.*, p.mail FROM session s JOIN person p ON p.id = s.person_id
                WHERE s.person_id = :person AND s.expires_at > :now ORDER BY s.seen_at DESC LIMIT 100
                """)
                        .bind("person", person.value())
                        .bind("now", utc(now))
                        .map((row, context) -> session(row))
                        .list());
    }

    @Override
    public void addLink(byte[] hash, MailLink link) {
        database.jdbi()
                .useHandle(sql -> sql.createUpdate("""
                INSERT INTO mail_link (hash, person_id, purpose, password, binding, expires_at)
                VALUES (:hash, :person, :purpose, :password, :binding, :expires)
                """)
                        .bind("hash", hash)
                        .bind("person", link.person().value())
                        .bind("purpose", link.purpose().text())
                        .bind("password", link.password())
                        .bind("binding", link.binding())
                        .bind("expires", utc(link.expiresAt()))
                        .execute());
    }

    @Override
    public Optional<MailLink> link(byte[] hash) {
        return database.jdbi()
                .withHandle(sql -> sql.createQuery("SELECT * FROM mail_link WHERE hash = :hash")
                        .bind("hash", hash)
                        .map((row, context) -> new MailLink(
                                new MemberId(row.getString("person_id")),
                                MailLink.Purpose.valueOf(
                                        row.getString("purpose").toUpperCase(Locale.ROOT)),
                                row.getString("password"),
                                row.getBytes("binding"),
                                instant(row, "expires_at"),
                                maybe(row, "used_at")))
                        .findOne());
    }

    @Override
    public boolean confirm(byte[] hash, MailLink link, @Nullable String password, Instant now) {
        return database.jdbi().inTransaction(sql -> {
            boolean worked = sql.createUpdate("""
                    UPDATE mail_link SET used_at = :now WHERE hash = :hash AND used_at IS NULL AND expires_at > :now
                    """)
                            .bind("hash", hash)
                            .bind("now", utc(now))
                            .execute()
                    == 1;
            if (worked) {
                if (password != null) {
                    change(sql, link.person(), password);
                }
                sql.createUpdate("UPDATE person SET verified_at = coalesce(verified_at, :at) WHERE id = :id")
                        .bind("id", link.person().value())
                        .bind("at", utc(now))
                        .execute();
            }
            return worked;
        });
    }

    private static Person person(ResultSet row) throws SQLException {
        return new Person(
                new MemberId(row.getString("id")),
                row.getString("mail"),
                row.getString("password"),
                instant(row, "created_at"),
                maybe(row, "verified_at"));
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString("id"),
                new MemberId(row.getString("person_id")),
                row.getString("mail"),
                instant(row, "created_at"),
                instant(row, "seen_at"),
                instant(row, "rotated_at"),
                instant(row, "expires_at"),
                row.getString("address"),
                row.getString("agent"));
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
