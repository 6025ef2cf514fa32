package dev.gatehouse.portal.sandbox;

import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.portal.PortalModule;
import dev.gatehouse.portal.PortalSettings;
import dev.gatehouse.portal.PublishedApi;
import dev.gatehouse.runtime.http.OwnHosts;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.Shares;
import dev.gatehouse.webhooks.WebhooksModule;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A portal that runs, on a database of its own. */
public final class Sandbox implements AutoCloseable {
    public static final InternalSecrets SECRETS =
            new InternalSecrets("a master secret of at least 32 bytes".getBytes(StandardCharsets.UTF_8));

    private static final Pattern LINK = Pattern.compile("/(?:verify|reset|invitations)/[A-Za-z0-9_-]{43}");

    /** A mail that was sent. */
    public record Letter(String to, String subject, String text) {}

    public final MemoryOrganisations organisations;
    public final MemoryUsage usage;
    public final MemoryRefusedCalls refused = new MemoryRefusedCalls();
    public final MemoryBilling billing;
    private final List<Letter> letters = new CopyOnWriteArrayList<>();
    public final PortalModule portal;
    public final FakeGateway gateway;
    public final WebhooksModule webhooks;
    private final Vertx vertx = Vertx.vertx();
    private final EmbeddedQueue queue;
    private final Queues queues;

    public Sandbox(InstantSource clock) throws IOException, SQLException {
        this(clock, DatabaseUrl.parse(EnginesForTests.newDatabase()));
    }

    /** @param portals where the portal finds its database; webhooks have one of their own */
    public Sandbox(InstantSource clock, DatabaseUrl portals, PublishedApi... more) throws IOException, SQLException {
        organisations = new MemoryOrganisations(clock);
        usage = new MemoryUsage(clock);
        billing = new MemoryBilling(usage, organisations, clock);
        DatabaseUrl database = DatabaseUrl.parse(EnginesForTests.newDatabase());
        queue = EmbeddedQueue.start();
        queues = Queues.connect(Optional.of(URI.create(queue.url())), "us-east-1");
        webhooks = WebhooksModule.start(
                new WebhooksModule.Parts(database, queues, vertx, SECRETS, clock),
                new SilentFeed(),
                new WebhooksModule.Options(
                        0,
                        WebhooksModule.Receivers.ALSO_ON_THIS_MACHINE,
                        Shares.EQUAL,
                        (tenant, endpoint, url, reason) -> {}));
        gateway = new FakeGateway(vertx, clock);
        portal = PortalModule.start(
                vertx,
                portals,
                new PortalSettings(
                        "127.0.0.1",
                        0,
                        URI.create("http://portal.example"),
                        gateway.uri(),
                        "/v2/listings?county=Lucas&limit=1",
                        OwnHosts.of(List.of("portal.example")),
                        URI.create("http://mailbox.example/")),
                new PortalModule.Parts(
                        organisations,
                        usage,
                        refused,
                        billing,
                        webhooks.webhooks(),
                        () -> Stream.concat(
                                        Stream.of(
                                                new PublishedApi("webhooks", WebhooksModule.description()),
                                                new PublishedApi("usage", MeteringModule.description())),
                                        Stream.of(more))
                                .toList(),
                        (to, subject, text) -> letters.add(new Letter(to, subject, text)),
                        SECRETS),
                clock);
    }

    /** All mails so far, those included that were on their way. */
    public List<Letter> letters() {
        portal.finishLetters();
        return letters;
    }

    /** The path in the last mail to somebody. */
    public String linkTo(String mail) {
        Letter last = letters().stream()
                .filter(letter -> letter.to().equals(mail))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no mail went to " + mail));
        Matcher link = LINK.matcher(last.text());
        if (!link.find()) {
            throw new AssertionError("the mail holds no link: " + last.text());
        }
        return link.group();
    }

    /** Someone signed in, with an organisation and a key, made through the pages. */
    public Browser member(String mail, String organisation) throws Exception {
        Browser browser = new Browser(portal.uri());
        browser.post("/sign-up", "mail", mail, "password", "correct staple horse");
        browser.post(linkTo(mail));
        browser.post("/start", "name", organisation);
        return browser;
    }

    /** A few hundred calls of an organisation's first key, up to an instant. */
    public void calls(String organisation, int count, Instant until) {
        calls(organisation, count, i -> until.minusSeconds((long) (i * 11.7 + 40 * Math.sin(i / 9.0) + 40)));
    }

    /** The same within a quarter of a minute, so that they are of one month on its first day, too. */
    public void callsAtOnce(String organisation, int count, Instant until) {
        calls(organisation, count, i -> until.minusMillis(100L * i));
    }

    private void calls(String organisation, int count, IntFunction<Instant> time) {
        organisations.all().stream()
                .filter(found -> found.name().equals(organisation))
                .forEach(found -> {
                    String[] operations = {"listListings", "listListings", "getListing", "searchListings"};
                    for (int i = 0; i < count; i++) {
                        int status = i % 37 == 0 ? 404 : i % 91 == 0 ? 502 : 200;
                        usage.call(
                                found.id(),
                                organisations.keys(found.id()).getFirst().id(),
                                operations[i % operations.length],
                                status,
                                time.apply(i));
                    }
                });
    }

    @Override
    public void close() {
        portal.close();
        webhooks.close();
        gateway.close();
        queues.close();
        queue.abandon();
        vertx.close();
    }
}
