package dev.gatehouse.app.role;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.billing.BillingSettings;
import dev.gatehouse.billing.price.PriceFault;
import dev.gatehouse.directory.DirectoryModule;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.portal.MailPost;
import dev.gatehouse.portal.OwnerMail;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;

/** Puts billing together: bills for the pages, the tenant's API of its bill, and the jobs that close periods. */
public final class BillingRole {
    private static final String NAME = "billing";

    private BillingRole() {}

    /** Opens billing's data for the roles of this process that need it. */
    public static BillingModule open(
            Platform platform, DirectoryModule directory, MeteringModule metering, MailPost post) throws SQLException {
        try {
            BillingModule module = BillingModule.open(
                    platform.database().get(),
                    BillingSettings.of(platform.settings()),
                    new BillingModule.Parts(
                            directory.directory(),
                            metering.reader(),
                            metering.billable(),
                            new SpendLetters(new OwnerMail(platform.database(), post))),
                    platform.clock());
            directory.soldBy(module.sales());
            return module;
        } catch (PriceFault e) {
            throw new StartRefused("The prices file cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /** @param module open already; it is closed with its own step, since the portal may use it too */
    public static RunningRole start(Platform platform, BillingModule module, URI directory) throws IOException {
        Router router = new Router();
        module.mount(router);
        WebServer server = WebServer.start(
                platform.vertx(),
                WebServer.Options.loopback(NAME),
                router,
                new CallerGuard(platform.secrets(), NAME, platform.clock()),
                platform.clock());
        module.startJobs();
        RouteAnnouncement announcement = RouteAnnouncement.begin(
                platform,
                directory,
                RouteDeclaration.of(
                        NAME,
                        NAME,
                        List.of("/v2/account/billing", "/v2/account/invoices"),
                        BillingModule.description().text(),
                        server.uri().toString()));
        return new RunningRole(
                Role.BILLING, server.uri().toString(), announcement::isTaken, Parts.of(announcement, server));
    }
}
