package dev.gatehouse.portal.account;

import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.portal.mail.Afterwards;
import dev.gatehouse.portal.mail.Letters;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sign-up, sign-in and what lies between. Nobody learns here who has an account: a sign-up and a reset give the same answer
 * for every address, before anybody has looked whether it has an account, and a sign-in takes the same time.
 */
public final class Accounts {
    static final Duration SESSION = Duration.ofDays(14);
    /** After this long a session goes on under another token, so that one that was copied is soon worth nothing. */
    static final Duration TOKEN = Duration.ofHours(1);

    static final Duration VERIFY = Duration.ofHours(24);
    static final Duration RESET = Duration.ofHours(1);

    private final AccountStore store;
    private final Passwords passwords;
    private final Letters letters;
    private final InstantSource clock;
    private final Afterwards afterwards;
    private final KnownDevices devices;
    private final SignInPace pace;
    private final Attempts confirmations;
    private final Attempts bySource;
    private final Attempts mailsSent;

    /** @param deviceKey 32 secret bytes, the same in every portal process */
    public Accounts(
            AccountStore store,
            Passwords passwords,
            Letters letters,
            Afterwards afterwards,
            byte[] deviceKey,
            InstantSource clock) {
        this.store = store;
        this.passwords = passwords;
        this.letters = letters;
        this.afterwards = afterwards;
        this.clock = clock;
        devices = new KnownDevices(deviceKey, clock);
        pace = new SignInPace(clock);
        confirmations = new Attempts(8, Duration.ofMinutes(10), clock);
        bySource = new Attempts(60, Duration.ofMinutes(10), clock);
        mailsSent = new Attempts(5, Duration.ofHours(1), clock);
    }

    /** What a try to sign in comes to. */
    public sealed interface SignIn {
        /** @param token the session's, for the cookie */
        record Welcome(String token) implements SignIn {}

        /** The password is right, the mail address is not shown to be theirs; a new link is on its way. */
        record NotVerified() implements SignIn {}

        record Wrong() implements SignIn {}

        /** @param pause how long it takes until a try may be made from there */
        record TooMany(Duration pause) implements SignIn {}
    }

    /**
     * Where someone comes from.
     *
     * @param cookie the browser's own random value
     * @param device its mark of somebody's having signed in there; empty when it has none
     */
    public record Browser(String address, String agent, String cookie, String device) {}

    /**
     * Whoever has the mail address, a letter is on its way. What is done before the answer is the same for everyone; whether
     * there is an account is looked at afterwards.
     *
     * @return how long to wait when too many come from this address; else zero
     */
    public Duration signUp(String mail, String password, Browser browser) {
        Duration wait = bySource.take(SignInPace.source(browser.address()));
        if (wait.isZero()) {
            String hash = passwords.hash(password);
            requireStore();
            afterwards.doLater("a sign-up", () -> takeIn(mail, hash, browser));
        }
        return wait;
    }

    private void takeIn(String mail, String hash, Browser browser) {
        Person person = new Person(MemberId.next(clock), mail, hash, clock.instant(), null);
        boolean isNew = store.add(person);
        if (!mailsSent.take(mail).isZero()) {
            return;
        }
        Person known = isNew ? person : store.byMail(mail).orElseThrow();
        if (known.verifiedAt() == null) {
            letters.verify(mail, link(known, MailLink.Purpose.VERIFY, VERIFY, hash, browser));
        } else {
            letters.alreadyKnown(mail);
        }
    }

    /** Nobody is told of a letter that cannot come. Asks for what is nobody's, so the answer takes the same time for all. */
    private void requireStore() {
        Optional<MailLink> nobodys = store.link(Tokens.hash(Tokens.next()));
        nobodys.ifPresent(link -> {
            throw new IllegalStateException("a random token is somebody's");
        });
    }

    public SignIn signIn(String mail, String password, Browser browser) {
        Optional<String> device = devices.known(mail, browser.device());
        Duration wait = pace.take(mail, browser.address(), device);
        if (!wait.isZero()) {
            return new SignIn.TooMany(wait);
        }
        Optional<Person> person = store.byMail(mail);
        if (!passwords.matches(password, person.map(Person::password)) || person.isEmpty()) {
            return new SignIn.Wrong();
        }
        pace.right(mail, browser.address(), device);
        if (person.get().verifiedAt() == null) {
            sendVerification(person.get(), null, browser);
            return new SignIn.NotVerified();
        }
        return new SignIn.Welcome(begin(person.get(), browser));
    }

    /** Whether a link works now; says nothing about whose it is. */
    public boolean linkWorks(String token, MailLink.Purpose purpose) {
        return store.link(Tokens.hash(token))
                .filter(link -> link.purpose() == purpose && link.worksAt(clock.instant()))
                .isPresent();
    }

    /** What a used link comes to. */
    public sealed interface Verified {
        /** In the browser that asked for the link: signed in at once. */
        record SignedIn(String token, String mail) implements Verified {}

        /** In another browser: the address is verified, the password is still to be shown. */
        record SignInNow() implements Verified {}

        /** Used before, or too old. */
        record Stale() implements Verified {}
    }

    public Verified verify(String token, Browser browser) {
        byte[] hash = Tokens.hash(token);
        Instant now = clock.instant();
        Optional<MailLink> link = store.link(hash).filter(found -> found.purpose() == MailLink.Purpose.VERIFY);
        if (link.isEmpty() || !store.confirm(hash, link.get(), link.get().password(), now)) {
            return new Verified.Stale();
        }
        boolean sameBrowser = MessageDigest.isEqual(link.get().binding(), Tokens.hash(browser.cookie()));
        Optional<Person> person = store.byId(link.get().person());
        if (!sameBrowser || person.isEmpty()) {
            return new Verified.SignInNow();
        }
        return new Verified.SignedIn(begin(person.get(), browser), person.get().mail());
    }

    /**
     * Sends a link to choose another password, if somebody has the mail address. Whether anybody has is looked at after the
     * answer.
     *
     * @return how long to wait when too many come from this address; else zero
     */
    public Duration forgot(String mail, Browser browser) {
        Duration wait = bySource.take(SignInPace.source(browser.address()));
        if (wait.isZero()) {
            requireStore();
            afterwards.doLater("a link for another password", () -> sendReset(mail, browser));
        }
        return wait;
    }

    private void sendReset(String mail, Browser browser) {
        Optional<Person> person = store.byMail(mail);
        if (person.isPresent() && mailsSent.take(mail).isZero()) {
            letters.reset(mail, link(person.get(), MailLink.Purpose.RESET, RESET, null, browser));
        }
    }

    /** The mark of a browser in which somebody has shown who they are, for its cookie. */
    public String deviceMark(String mail) {
        return devices.mark(mail);
    }

    /**
     * Sets another password by a link; every session of before ends.
     *
     * @return the browser's mark, as whoever reads the mail has shown who they are; empty when the link is used or too old
     */
    public Optional<String> reset(String token, String password) {
        byte[] hash = Tokens.hash(token);
        Instant now = clock.instant();
        Optional<MailLink> link = store.link(hash).filter(found -> found.purpose() == MailLink.Purpose.RESET);
        // whoever reads the address's mail has shown that it is theirs
        boolean done = link.isPresent()
                && link.get().worksAt(now)
                && store.confirm(hash, link.get(), passwords.hash(password), now);
        return done ? store.byId(link.get().person()).map(person -> devices.mark(person.mail())) : Optional.empty();
    }

    /**
     * A session that holds.
     *
     * @param nextToken the token that it goes on under; null while it keeps the one it has
     */
    public record Signed(Session session, @Nullable String nextToken) {}

    public Optional<Signed> session(String token) {
        Instant now = clock.instant();
        byte[] hash = Tokens.hash(token);
        Optional<Session> session = store.session(hash, now);
        if (session.isEmpty()) {
            return Optional.empty();
        }
        if (session.get().seenAt().isBefore(now.minusSeconds(60))) {
            store.seen(session.get().id(), now);
        }
        String next = null;
        if (session.get().rotatedAt().isBefore(now.minus(TOKEN))) {
            String fresh = Tokens.next();
            // of requests at the same time one changes the token; the others go on under the old one, which holds a
            // while
            next = store.rotateSession(hash, Tokens.hash(fresh), now) ? fresh : null;
        }
        return Optional.of(new Signed(session.get(), next));
    }

    /** The one who is signed in. */
    public Person person(MemberId person) {
        return store.byId(person).orElseThrow();
    }

    /** Whether it is really them, before something that cannot be undone. {@link SignIn.Welcome} carries no session here. */
    public SignIn confirm(Person person, String password) {
        // counted by themselves: whoever is signed in is slowed down by nobody else's tries
        Duration wait = confirmations.take(person.id().value());
        if (!wait.isZero()) {
            return new SignIn.TooMany(wait);
        }
        if (!passwords.matches(password, Optional.of(person.password()))) {
            return new SignIn.Wrong();
        }
        confirmations.forget(person.id().value());
        return new SignIn.Welcome("");
    }

    /** Sets another password, ends every session, and begins one for this browser. */
    public SignIn changePassword(Person person, String current, String next, Browser browser) {
        SignIn confirmed = confirm(person, current);
        if (!(confirmed instanceof SignIn.Welcome)) {
            return confirmed;
        }
        store.changePassword(person.id(), passwords.hash(next));
        letters.passwordChanged(person.mail());
        return new SignIn.Welcome(begin(person, browser));
    }

    /** Removes the account with its sessions, links and memberships. */
    public void delete(MemberId person) {
        store.delete(person);
    }

    /** Signs every other device out. */
    public boolean endOtherSessions(Session current) {
        store.endOtherSessions(current.person(), current.id());
        return true;
    }

    public void signOut(String token) {
        store.endSession(Tokens.hash(token));
    }

    public List<Session> sessions(MemberId person) {
        return store.sessions(person, clock.instant());
    }

    public boolean endSession(MemberId person, String id) {
        return store.endSession(person, id);
    }

    private String begin(Person person, Browser browser) {
        Instant now = clock.instant();
        String token = Tokens.next();
        store.addSession(
                Tokens.hash(token),
                new Session(
                        PrefixedId.next("ses", clock),
                        person.id(),
                        person.mail(),
                        now,
                        now,
                        now,
                        now.plus(SESSION),
                        browser.address(),
                        browser.agent()
                                .substring(0, Math.min(200, browser.agent().length()))));
        return token;
    }

    private void sendVerification(Person person, @Nullable String password, Browser browser) {
        if (mailsSent.take(person.mail()).isZero()) {
            letters.verify(person.mail(), link(person, MailLink.Purpose.VERIFY, VERIFY, password, browser));
        }
    }

    private String link(
            Person person, MailLink.Purpose purpose, Duration life, @Nullable String password, Browser browser) {
        String token = Tokens.next();
        store.addLink(
                Tokens.hash(token),
                new MailLink(
                        person.id(),
                        purpose,
                        password,
                        Tokens.hash(browser.cookie()),
                        clock.instant().plus(life),
                        null));
        return token;
    }
}
