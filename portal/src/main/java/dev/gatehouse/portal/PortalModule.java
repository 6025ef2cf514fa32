package dev.gatehouse.portal;

import dev.gatehouse.billing.Billing;
import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.metering.RefusedCalls;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.portal.account.Accounts;
import dev.gatehouse.portal.account.Passwords;
import dev.gatehouse.portal.mail.Afterwards;
import dev.gatehouse.portal.mail.Letters;
import dev.gatehouse.portal.page.AccountPages;
import dev.gatehouse.portal.page.AuditTrail;
import dev.gatehouse.portal.page.BillingPages;
import dev.gatehouse.portal.page.DocPages;
import dev.gatehouse.portal.page.Export;
import dev.gatehouse.portal.page.HomePages;
import dev.gatehouse.portal.page.InvitationPages;
import dev.gatehouse.portal.page.KeyPages;
import dev.gatehouse.portal.page.OrganisationPages;
import dev.gatehouse.portal.page.PersonPages;
import dev.gatehouse.portal.page.PlanPages;
import dev.gatehouse.portal.page.ReferencePages;
import dev.gatehouse.portal.page.StartPages;
import dev.gatehouse.portal.page.TeamPages;
import dev.gatehouse.portal.page.UsagePages;
import dev.gatehouse.portal.page.WebhookPages;
import dev.gatehouse.portal.reference.Reference;
import dev.gatehouse.portal.shown.ShownSecrets;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Route;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.store.PostgresAccountStore;
import dev.gatehouse.portal.store.PostgresShownStore;
import dev.gatehouse.portal.store.PostgresTeamStore;
import dev.gatehouse.portal.store.PostgresTrialKeyStore;
import dev.gatehouse.portal.team.Invitations;
import dev.gatehouse.portal.team.PortalAdmin;
import dev.gatehouse.portal.trial.GatewayCalls;
import dev.gatehouse.portal.trial.TrialKeys;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.Webhooks;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The developer portal, from its settings and the parts it looks through. */
public final class PortalModule implements AutoCloseable {
    static final String MIGRATIONS = "classpath:dev/gatehouse/portal/store";
    private static final int CONNECTIONS = 6;
    private static final int LARGEST_FORM = 64 * 1024;
    private static final Duration TRIAL = Duration.ofSeconds(35);

    private final Database database;
    private final HttpCaller caller;
    private final WebServer server;
    private final Site site;
    private final PortalAdmin.Parts administered;
    private final Afterwards afterwards;

    /**
     * What the portal looks through.
     *
     * @param apis descriptions of the services that the gateway fronts, in the order of the reference; asked once, when a
     *     page first needs them
     * @param secrets the installation's, the same in every portal process
     */
    public record Parts(
            Organisations organisations,
            UsageReader usage,
            RefusedCalls refused,
            Billing billing,
            Webhooks webhooks,
            Supplier<List<PublishedApi>> apis,
            MailPost post,
            InternalSecrets secrets) {}

    private PortalModule(
            Database database,
            HttpCaller caller,
            WebServer server,
            Site site,
            PortalAdmin.Parts administered,
            Afterwards afterwards) {
        this.database = database;
        this.caller = caller;
        this.server = server;
        this.site = site;
        this.administered = administered;
        this.afterwards = afterwards;
    }

    /**
     * Migrates the schema {@code portal} and returns once the portal answers.
     *
     * @throws IOException when the port is taken
     */
    public static PortalModule start(
            Vertx vertx, DatabaseUrl url, PortalSettings settings, Parts parts, InstantSource clock)
            throws IOException, SQLException {
        Database database = Database.open(url, "portal", MIGRATIONS, CONNECTIONS);
        HttpCaller caller = new HttpCaller(vertx, TRIAL);
        Afterwards afterwards = new Afterwards();
        try {
            Letters letters = new Letters(parts.post(), settings.publicUri(), afterwards);
            Site site = site(database, caller, settings, parts, new Written(letters, afterwards), clock);
            WebServer.Options options = new WebServer.Options(
                            "portal", settings.host(), settings.port(), LARGEST_FORM, Duration.ofSeconds(5))
                    .answeringTo(settings.hosts());
            PortalAdmin.Parts administered = new PortalAdmin.Parts(
                    parts.organisations(), new Invitations(new PostgresTeamStore(database), letters, clock));
            WebServer server = WebServer.start(vertx, options, site, null, clock);
            return new PortalModule(database, caller, server, site, administered, afterwards);
        } catch (IOException | RuntimeException e) {
            afterwards.close();
            caller.close();
            database.close();
            throw e;
        }
    }

    /** What is written to people, and when. */
    private record Written(Letters letters, Afterwards afterwards) {}

    private static Site site(
            Database database,
            HttpCaller caller,
            PortalSettings settings,
            Parts parts,
            Written written,
            InstantSource clock) {
        PostgresTeamStore teams = new PostgresTeamStore(database);
        Accounts accounts = new Accounts(
                new PostgresAccountStore(database),
                new Passwords(),
                written.letters(),
                written.afterwards(),
                parts.secrets().derive("portal devices"),
                clock);
        ShownSecrets shown = new ShownSecrets(
                new PostgresShownStore(database), parts.secrets().derive("portal shown secrets"), clock);
        Organisations organisations = parts.organisations();
        TrialKeys trialKeys = new TrialKeys(
                new PostgresTrialKeyStore(database),
                organisations,
                parts.secrets().derive("portal trial keys"),
                clock);
        Export export =
                new Export(new Export.Parts(accounts, teams, organisations, parts.usage(), parts.webhooks()), clock);
        AuditTrail trail = new AuditTrail(teams, clock);
        Reference reference = new Reference(parts.apis());
        Pages pages = new Pages();
        Site site = new Site(
                accounts,
                teams,
                organisations,
                pages,
                new Site.Cookies(parts.secrets().derive("portal forms"), settings.secure()));
        new AccountPages(accounts, pages, site, settings).addTo(site);
        new PersonPages(new PersonPages.Parts(accounts, teams, organisations, export), pages, site).addTo(site);
        new StartPages(new StartPages.Parts(organisations, teams, parts.usage(), trialKeys, shown), pages, site, clock)
                .addTo(site);
        new HomePages(parts.usage(), parts.billing(), teams, pages, clock).addTo(site);
        new KeyPages(organisations, teams, parts.usage(), reference::scopes, pages, shown, settings, clock).addTo(site);
        new WebhookPages(parts.webhooks(), trail, pages, shown, clock).addTo(site);
        new BillingPages(parts.billing(), organisations, pages, clock).addTo(site);
        new PlanPages(parts.billing(), organisations, trail, pages).addTo(site);
        new UsagePages(parts.usage(), parts.refused(), organisations, pages, clock).addTo(site);
        new TeamPages(teams, new Invitations(teams, written.letters(), clock), pages, clock).addTo(site);
        new InvitationPages(teams, organisations, pages, site, clock).addTo(site);
        new OrganisationPages(
                        new OrganisationPages.Parts(organisations, teams, parts.webhooks(), export), pages, site, clock)
                .addTo(site);
        new DocPages(settings, pages).addTo(site);
        new ReferencePages(reference, trialKeys, new GatewayCalls(caller, settings.gatewayUri()), pages, settings)
                .addTo(site);
        return site;
    }

    /** What the portal adds to the admin API. @param portal empty until it is up */
    public static AdminPart administration(Supplier<Optional<PortalModule>> portal) {
        return PortalAdmin.part(() -> portal.get().map(module -> module.administered));
    }

    /** Where it answers. */
    public URI uri() {
        return server.uri();
    }

    /** Its table of pages. */
    public List<Route> routes() {
        return site.routes();
    }

    /** Waits, at most for some seconds, until what was put off until after an answer is done: letters above all. */
    public void finishLetters() {
        afterwards.finish();
    }

    @Override
    public void close() {
        server.close();
        afterwards.close();
        caller.close();
        database.close();
    }
}
