package dev.gatehouse.app.role;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.portal.MailPost;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.webhooks.Shares;
import dev.gatehouse.webhooks.WebhooksModule;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts deliveries to tenants' endpoints together. */
public final class WebhooksRole {
    private static final Logger LOG = LoggerFactory.getLogger(WebhooksRole.class);

    private WebhooksRole() {}

    /**
     * @param feed says what is to be delivered
     * @param signals keeps the tenants' saved alerts; empty when there is none
     * @param post tells owners of endpoints that were disabled; empty when there is no way to send mail
     */
    public static RunningRole start(
            Platform platform, URI directory, Feed feed, Optional<MailPost> post, Optional<Supplier<URI>> signals)
            throws SQLException, IOException {
        EndpointNotice notice = EndpointNotice.of(platform, post);
        PlanShares shares = PlanShares.follow(
                platform.vertx(),
                directory,
                platform.secrets(),
                platform.settings().integer("gatehouse.webhooks.tenant-rate", Shares.PER_SECOND),
                LogRetention.of(platform.settings()));
        WebhooksModule.Parts parts = new WebhooksModule.Parts(
                platform.database().get(),
                platform.queues().get(),
                platform.vertx(),
                platform.secrets(),
                platform.clock());
        WebhooksModule module = WebhooksModule.start(
                parts,
                feed,
                new WebhooksModule.Options(
                        platform.settings().integer("gatehouse.webhooks.port", 0),
                        announced(platform),
                        shares,
                        notice));
        signals.ifPresent(uri -> module.followAlerts(uri, parts));
        RouteAnnouncement announcement = RouteAnnouncement.begin(
                platform,
                directory,
                RouteDeclaration.of(
                        WebhooksModule.SERVICE,
                        WebhooksModule.SERVICE,
                        WebhooksModule.PREFIXES,
                        WebhooksModule.description().text(),
                        module.uri().toString()));
        return new RunningRole(
                Role.WEBHOOKS,
                module.uri().toString(),
                announcement::isTaken,
                Parts.of(announcement, module, shares, notice));
    }

    /** Whether receivers on this machine are delivered to without an operator's opening them. */
    static WebhooksModule.Receivers receivers(Platform platform) {
        String setting = platform.settings().text("gatehouse.webhooks.loopback", "off");
        return switch (setting) {
            case "off" -> WebhooksModule.Receivers.PUBLIC_ONLY;
            case "on" -> WebhooksModule.Receivers.ALSO_ON_THIS_MACHINE;
            default -> throw new StartRefused("gatehouse.webhooks.loopback is \"" + setting + "\": write on or off.");
        };
    }

    private static WebhooksModule.Receivers announced(Platform platform) {
        WebhooksModule.Receivers receivers = receivers(platform);
        if (receivers == WebhooksModule.Receivers.ALSO_ON_THIS_MACHINE) {
            LOG.warn("Every tenant's webhooks may be delivered to any port of this machine, the administration's"
                    + " included, since gatehouse.webhooks.loopback is on. Leave it off where tenants are strangers.");
        }
        return receivers;
    }
}
