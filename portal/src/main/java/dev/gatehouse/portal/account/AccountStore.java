package dev.gatehouse.portal.account;

import dev.gatehouse.kernel.id.MemberId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps people, their sessions and their links. Tokens come in as their SHA-256. */
public interface AccountStore {
    /** @return false when the address is taken */
    boolean add(Person person);

    Optional<Person> byMail(String mail);

    Optional<Person> byId(MemberId person);

    /** Sets another password and ends every session. */
    void changePassword(MemberId person, String password);

    void addSession(byte[] hash, Session session);

    Optional<Session> session(byte[] hash, Instant now);

    void seen(String session, Instant now);

    /**
     * Gives a session another token; the old one holds for a minute more, for requests that are under way.
     *
     * @return false when another request was faster
     */
    boolean rotateSession(byte[] hash, byte[] next, Instant now);

    void endSession(byte[] hash);

    /** Ends one of this person's sessions. @return false when the person has none of this id */
    boolean endSession(MemberId person, String id);

    /** Ends all of this person's sessions but one. */
    void endOtherSessions(MemberId person, String kept);

    /** Removes somebody with all that hangs on them. */
    void delete(MemberId person);

    List<Session> sessions(MemberId person, Instant now);

    void addLink(byte[] hash, MailLink link);

    Optional<MailLink> link(byte[] hash);

    /**
     * Uses up a link that still works, and with it confirms its person's address. All of it or nothing.
     *
     * @param password the hash that becomes theirs, ending every session; null leaves the one they have
     * @return false when somebody was faster, or it does not work any more
     */
    boolean confirm(byte[] hash, MailLink link, @Nullable String password, Instant now);
}
