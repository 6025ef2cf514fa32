package dev.gatehouse.portal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.portal.account.Accounts.Browser;
import dev.gatehouse.portal.account.Accounts.SignIn;
import dev.gatehouse.portal.mail.Afterwards;
import dev.gatehouse.portal.mail.Letters;
import dev.gatehouse.portal.store.PostgresAccountStore;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Accounts")
class AccountsTest {
    private static final String MAIL = "ada@example.com";
    private static final String NOBODY = "nobody@example.com";
    private static final String PASSWORD = "correct staple horse";
    private static final byte[] KEY =
            "thirty-two secret bytes, exactly".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private static final SettableClock CLOCK = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));

    @SuppressWarnings("NullAway.Init")
    private static Database database;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch post = new CountDownLatch(1);
    private final Afterwards afterwards = new Afterwards();

    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @BeforeAll
    static void open() throws Exception {
        database = Database.open(
                DatabaseUrl.parse(EnginesForTests.newDatabase()), "portal", "classpath:dev/gatehouse/portal/store", 6);
        AccountStore store = new PostgresAccountStore(database);
        Person ada = new Person(
                dev.gatehouse.kernel.id.MemberId.next(CLOCK),
                MAIL,
                new Passwords().hash(PASSWORD),
                CLOCK.instant(),
                CLOCK.instant());
        store.add(ada);
        byte[] hash = Tokens.hash("a link");
        store.addLink(
                hash,
                new MailLink(
                        ada.id(),
                        MailLink.Purpose.VERIFY,
                        null,
                        hash,
                        CLOCK.instant().plusSeconds(60),
                        null));
        store.confirm(hash, store.link(hash).orElseThrow(), null, CLOCK.instant());
    }

    @AfterAll
    static void shut() {
        database.close();
    }

    /** The real store; what is asked of it in the request's own thread is written down. The post is stuck until let go. */
    @BeforeEach
    void start() {
        AccountStore store = new PostgresAccountStore(database);
        Thread request = Thread.currentThread();
        AccountStore watched = (AccountStore) Proxy.newProxyInstance(
                AccountStore.class.getClassLoader(), new Class<?>[] {AccountStore.class}, (proxy, method, given) -> {
                    if (Thread.currentThread() == request) {
                        asked.add(method.getName());
                    }
                    try {
                        return method.invoke(store, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Letters letters = new Letters(
                (to, subject, text) -> {
                    try {
                        post.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                URI.create("http://portal.example"),
                afterwards);
        accounts = new Accounts(watched, new Passwords(), letters, afterwards, KEY, CLOCK);
    }

    private static Browser from(String address) {
        return from(address, "");
    }

    private static Browser from(String address, String device) {
        return new Browser(address, "agent", "cookie", device);
    }

    private List<String> askedBy(Runnable request) {
        asked.clear();
        request.run();
        return List.copyOf(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {MAIL, NOBODY, "somebody@new.example"})
    @DisplayName("ask the same of the database before they answer, whoever has an account, and wait for no mail server")
    void samePath(String mail) {
        assertThat(askedBy(() -> accounts.forgot(mail, from("192.0.2.1")))).containsExactly("link");
        assertThat(askedBy(() -> accounts.signUp(mail, "another fine staple", from("192.0.2.1"))))
                .containsExactly("link");
        assertThat(askedBy(() -> accounts.signIn(mail, "wrong wrong wrong", from("192.0.2.1"))))
                .containsExactly("byMail");
        post.countDown();
    }

    @Test
    @DisplayName("let the right person in from elsewhere, however often somebody tries their password")
    void noLockOut() {
        for (int i = 0; i < 20; i++) {
            accounts.signIn(MAIL, "wrong wrong wrong", from("192.0.2.1"));
        }
        assertThat(accounts.signIn(MAIL, PASSWORD, from("192.0.2.1"))).isInstanceOf(SignIn.TooMany.class);
        assertThat(accounts.signIn(MAIL, PASSWORD, from("192.0.2.2"))).isInstanceOf(SignIn.Welcome.class);
        for (int place = 0; place < 20; place++) {
            for (int i = 0; i < 9; i++) {
                accounts.signIn(MAIL, "wrong wrong wrong", from("198.51.100." + place));
            }
        }
        assertThat(accounts.signIn(MAIL, PASSWORD, from("192.0.2.3"))).isInstanceOf(SignIn.Welcome.class);
    }

    @Test
    @DisplayName(
            "let a browser in that this person has used before, also from where the wrong tries come, and count its tries")
    void knownDevice() {
        String mark = accounts.deviceMark(MAIL);
        for (int i = 0; i < 70; i++) {
            accounts.signIn(i % 2 == 0 ? MAIL : "x" + i + "@example.com", "wrong wrong wrong", from("192.0.2.1"));
        }
        assertThat(accounts.signIn(MAIL, PASSWORD, from("192.0.2.1"))).isInstanceOf(SignIn.TooMany.class);
        assertThat(accounts.signIn(MAIL, PASSWORD, from("192.0.2.1", mark))).isInstanceOf(SignIn.Welcome.class);
        for (int i = 0; i < 8; i++) {
            accounts.signIn(MAIL, "wrong wrong wrong", from("203.0.113." + i, mark));
        }
        assertThat(accounts.signIn(MAIL, PASSWORD, from("203.0.113.9", mark))).isInstanceOf(SignIn.TooMany.class);
    }

    @Test
    @DisplayName("know a browser by a mark that nobody can make, for its own person alone, and not for ever")
    void marks() {
        KnownDevices devices = new KnownDevices(KEY, CLOCK);
        String mark = devices.mark(MAIL);
        assertThat(mark).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(devices.known(MAIL, mark)).isPresent();
        assertThat(devices.known(NOBODY, mark)).isEmpty();
        assertThat(new KnownDevices(new byte[32], CLOCK).known(MAIL, mark)).isEmpty();
        for (String other : List.of("", "!", mark + "A", mark.substring(1), mark.replace(mark.charAt(20), '_'))) {
            assertThat(devices.known(MAIL, other.equals(mark) ? "x" : other))
                    .as(other)
                    .isEmpty();
        }
        SettableClock later = new SettableClock(CLOCK.instant().plus(KnownDevices.LIFE));
        assertThat(new KnownDevices(KEY, later).known(MAIL, mark)).isEmpty();
    }

    @Test
    @DisplayName("slow down one IPv6 network as one, and say how long until a try may be made, which is true")
    void networks() {
        Duration pause = Duration.ZERO;
        for (int i = 0; i < 9; i++) {
            if (accounts.signIn(MAIL, "wrong wrong wrong", from("2001:db8:1:2::" + i))
                    instanceof SignIn.TooMany(Duration said)) {
                pause = said;
            }
        }
        assertThat(pause).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(10));
        assertThat(accounts.signIn(MAIL, PASSWORD, from("2001:db8:1:3::1"))).isInstanceOf(SignIn.Welcome.class);
        CLOCK.advance(pause.minusSeconds(1));
        assertThat(accounts.signIn(MAIL, PASSWORD, from("2001:db8:1:2::a"))).isInstanceOf(SignIn.TooMany.class);
        CLOCK.advance(Duration.ofSeconds(1));
        assertThat(accounts.signIn(MAIL, PASSWORD, from("2001:db8:1:2::a"))).isInstanceOf(SignIn.Welcome.class);
    }

    @Test
    @DisplayName("let an office in whose people all sign in at the same minute")
    void office() {
        for (int i = 0; i < 70; i++) {
            assertThat(accounts.signIn(MAIL, PASSWORD, from("192.0.2.77"))).isInstanceOf(SignIn.Welcome.class);
        }
    }

    @Test
    @DisplayName("let nobody's tries from outside keep a person who is signed in from confirming their password")
    void confirmations() {
        Person ada = new PostgresAccountStore(database).byMail(MAIL).orElseThrow();
        for (int i = 0; i < 20; i++) {
            accounts.signIn(MAIL, "wrong wrong wrong", from("192.0.2.1"));
        }
        assertThat(accounts.confirm(ada, PASSWORD)).isInstanceOf(SignIn.Welcome.class);
        for (int i = 0; i < 8; i++) {
            accounts.confirm(ada, "wrong wrong wrong");
        }
        assertThat(accounts.confirm(ada, PASSWORD)).isInstanceOf(SignIn.TooMany.class);
    }

    @Test
    @DisplayName("count in bounded memory, however many places try however many names")
    void bounded() {
        Attempts attempts = new Attempts(8, Duration.ofMinutes(10), CLOCK);
        for (int i = 0; i < 120_000; i++) {
            attempts.take("who " + i);
        }
        assertThat(attempts.size()).isEqualTo(50_000);
    }
}
