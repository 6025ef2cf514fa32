package dev.gatehouse.portal;

import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.portal.account.Accounts;
import dev.gatehouse.portal.account.Passwords;
import dev.gatehouse.portal.mail.Letters;
import dev.gatehouse.portal.page.AccountPages;
import dev.gatehouse.portal.page.BillingPages;
import dev.gatehouse.portal.page.DocPages;
import dev.gatehouse.portal.page.HomePages;
import dev.gatehouse.portal.page.KeyPages;
import dev.gatehouse.portal.page.StartPages;
import dev.gatehouse.portal.page.TeamPages;
import dev.gatehouse.portal.page.UsagePages;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Route;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.store.PostgresAccountStore;
import dev.gatehouse.portal.store.PostgresTeamStore;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The developer portal, from its settings and the parts it looks through. */
public final class PortalModule implements AutoCloseable {
    private static final String MIGRATIONS = "classpath:dev/gatehouse/portal/store";
    private static final int CONNECTIONS = 6;
    private static final int LARGEST_FORM = 64 * 1024;

    private final Database database;
    private final WebServer server;
    private final Site site;

    /**
     * What the portal looks through.
     *
     * @param formKey 32 secret bytes that form tokens are made with, the same in every portal process
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Parts(
            Organisations organisations, UsageReader usage, BillingModule billing, MailPost post, byte[] formKey) {}

    private PortalModule(Database database, WebServer server, Site site) {
        this.database = database;
        this.server = server;
        this.site = site;
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
        try {
            Site site = site(database, settings, parts, clock);
            WebServer.Options options = new WebServer.Options(
                    "portal", settings.host(), settings.port(), LARGEST_FORM, Duration.ofSeconds(5));
            return new PortalModule(database, WebServer.start(vertx, options, site, null, clock), site);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static Site site(Database database, PortalSettings settings, Parts parts, InstantSource clock) {
        PostgresTeamStore teams = new PostgresTeamStore(database);
        Letters letters = new Letters(parts.post(), settings.publicUri());
        Accounts accounts = new Accounts(new PostgresAccountStore(database), new Passwords(), letters, clock);
        Pages pages = new Pages();
        Site site = new Site(
                accounts, teams, parts.organisations(), pages, new Site.Cookies(parts.formKey(), settings.secure()));
        new AccountPages(accounts, pages, site).addTo(site);
        new StartPages(parts.organisations(), teams, parts.usage(), pages, settings, clock).addTo(site);
        new HomePages(parts.usage(), parts.billing(), pages, clock).addTo(site);
        new KeyPages(parts.organisations(), teams, parts.usage(), pages, settings, clock).addTo(site);
        new BillingPages(parts.billing(), parts.organisations(), pages, clock).addTo(site);
        new UsagePages(parts.usage(), pages, clock).addTo(site);
        new TeamPages(teams, letters, pages, clock).addTo(site);
        new DocPages(settings, pages).addTo(site);
        return site;
    }

    /** Where it answers. */
    public URI uri() {
        return server.uri();
    }

    /** Its table of pages. */
    public List<Route> routes() {
        return site.routes();
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
