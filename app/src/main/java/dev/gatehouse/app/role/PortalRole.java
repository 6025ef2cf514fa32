package dev.gatehouse.app.role;

import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.enrichment.EnrichmentModule;
import dev.gatehouse.events.EventsModule;
import dev.gatehouse.history.HistoryModule;
import dev.gatehouse.listings.ListingsModule;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.refused.RedisRefusedCalls;
import dev.gatehouse.portal.MailPost;
import dev.gatehouse.portal.PortalModule;
import dev.gatehouse.portal.PortalSettings;
import dev.gatehouse.portal.PublishedApi;
import dev.gatehouse.runtime.http.BoundAddress;
import dev.gatehouse.signals.SignalsModule;
import dev.gatehouse.webhooks.WebhookDesk;
import dev.gatehouse.webhooks.WebhooksModule;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts the portal together. */
public final class PortalRole {
    private static final String SAMPLE_CALL = "/v2/listings?county=Lucas&limit=1";

    private PortalRole() {}

    /**
     * @param mailbox where the mails of a trial installation can be read
     * @param up is handed the portal once it answers
     */
    public static RunningRole start(
            Platform platform,
            Directory directory,
            UsageReader usage,
            Billing billing,
            MailPost post,
            Optional<URI> mailbox,
            Consumer<PortalModule> up)
            throws SQLException, IOException {
        String host = platform.ports().host();
        URI gateway = address(
                platform, "gatehouse.gateway.url", host, platform.ports().gateway());
        URI portal =
                address(platform, "gatehouse.portal.url", host, platform.ports().portal());
        WebhookDesk desk = WebhookDesk.open(
                platform.database().get(), platform.secrets(), platform.clock(), WebhooksRole.receivers(platform));
        RedisRefusedCalls refused = MeteringModule.refused(platform.redis().get());
        PortalModule module = PortalModule.start(
                platform.vertx(),
                platform.database().get(),
                new PortalSettings(
                        platform.ports().host(),
                        platform.ports().portal(),
                        portal,
                        gateway,
                        SAMPLE_CALL,
                        OwnNames.ofPortal(platform, portal),
                        mailbox.orElse(null)),
                new PortalModule.Parts(
                        new DirectoryOrganisations(directory, platform.clock()),
                        usage,
                        refused,
                        billing,
                        desk.webhooks(),
                        PortalRole::apis,
                        post,
                        platform.secrets()),
                platform.clock());
        up.accept(module);
        return new RunningRole(Role.PORTAL, module.uri().toString(), () -> true, Parts.of(module, refused, desk));
    }

    private static URI address(Platform platform, String setting, String host, int port) {
        return platform.settings().text(setting).map(URI::create).orElseGet(() -> BoundAddress.url("http", host, port));
    }

    /** What the reference shows, the newest version first. */
    private static List<PublishedApi> apis() {
        return List.of(
                new PublishedApi("listings", ListingsModule.v2()),
                new PublishedApi("history", HistoryModule.v2()),
                new PublishedApi("signals", SignalsModule.description()),
                new PublishedApi("enrichment", EnrichmentModule.v2()),
                new PublishedApi(WebhooksModule.SERVICE, WebhooksModule.description()),
                new PublishedApi("usage", MeteringModule.description()),
                new PublishedApi("billing", BillingModule.description()),
                new PublishedApi(EventsModule.SERVICE, EventsModule.description()),
                new PublishedApi("listings", ListingsModule.v1()),
                new PublishedApi("history", HistoryModule.v1()),
                new PublishedApi("enrichment", EnrichmentModule.v1()));
    }
}
