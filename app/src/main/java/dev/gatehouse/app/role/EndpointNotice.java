package dev.gatehouse.app.role;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.portal.MailPost;
import dev.gatehouse.portal.OwnerMail;
import dev.gatehouse.webhooks.OwnerNotice;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails an endpoint's owners that it was disabled, away from the worker's threads. The event {@code
 * webhook_endpoint.disabled} says the same and is never lost; a mail is, when the process dies meanwhile.
 */
final class EndpointNotice implements OwnerNotice, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointNotice.class);

    private final Optional<OwnerMail> mail;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private EndpointNotice(Optional<OwnerMail> mail) {
        this.mail = mail;
    }

    /** @param post empty when the process has no way to send mail: then a line in the log is all */
    static EndpointNotice of(Platform platform, Optional<MailPost> post) {
        return new EndpointNotice(post.map(way -> new OwnerMail(platform.database(), way)));
    }

    @Override
    public void disabled(TenantId tenant, String endpoint, String url, String reason) {
        LOG.warn("The endpoint {} of {} was disabled: {}", endpoint, tenant, reason);
        mail.ifPresent(owners -> threads.execute(() -> send(owners, tenant, endpoint, url, reason)));
    }

    private static void send(OwnerMail owners, TenantId tenant, String endpoint, String url, String reason) {
        String text = """
                Your webhook endpoint %s was disabled.

                Address: %s
                Reason:  %s

                Nothing is sent to it any more. What waited for it is kept and can be sent again:

                1. See what is wrong:  POST /v2/webhooks/endpoints/%s/diagnose
                2. Enable it again:    PATCH /v2/webhooks/endpoints/%s  {"status": "enabled"}
                3. Send what it missed: POST /v2/webhooks/endpoints/%s/replays
                """.formatted(endpoint, url, reason, endpoint, endpoint, endpoint);
        try {
            int sent = owners.aboutWebhooks(tenant, "Your webhook endpoint was disabled", text);
            LOG.info("{} owners of {} were told by mail", sent, endpoint);
        } catch (SQLException | RuntimeException e) {
            LOG.error("The owners of {} could not be told by mail that it was disabled", endpoint, e);
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
