package dev.gatehouse.app.role;

import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.portal.MailPost;
import dev.gatehouse.portal.PortalModule;
import dev.gatehouse.portal.PortalSettings;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;

/** Puts the portal together, with the rating that its pages show. */
public final class PortalRole {
    private static final String SAMPLE_CALL = "/v2/listings?county=Lucas&limit=1";

    private PortalRole() {}

    public static RunningRole start(Platform platform, Directory directory, UsageReader usage, MailPost post)
            throws SQLException, IOException {
        String gateway =
                "http://" + platform.ports().host() + ":" + platform.ports().gateway();
        String portal =
                "http://" + platform.ports().host() + ":" + platform.ports().portal();
        PortalModule module = PortalModule.start(
                platform.vertx(),
                platform.database().get(),
                new PortalSettings(
                        platform.ports().host(),
                        platform.ports().portal(),
                        URI.create(platform.settings().text("gatehouse.portal.url", portal)),
                        URI.create(platform.settings().text("gatehouse.gateway.url", gateway)),
                        SAMPLE_CALL),
                new PortalModule.Parts(
                        new DirectoryOrganisations(directory, platform.clock()),
                        usage,
                        new BillingModule(usage, new DirectoryTerms(directory), platform.clock()),
                        post,
                        platform.secrets().derive("portal forms")),
                platform.clock());
        return new RunningRole(Role.PORTAL, module.uri().toString(), () -> true, module);
    }
}
