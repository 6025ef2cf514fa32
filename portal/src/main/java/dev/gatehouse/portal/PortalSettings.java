package dev.gatehouse.portal;

import dev.gatehouse.runtime.http.OwnHosts;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the portal is, and what it tells people.
 *
 * @param host the address it binds to
 * @param port 0 for any free one
 * @param publicUri where people reach it, for links in mails; cookies are marked secure when it is https
 * @param gatewayUri where calls go, as in {@code http://127.0.0.1:8080}
 * @param sampleCall path and query of the quickstart's call, as in {@code /v2/listings?county=Lucas&limit=1}
 * @param hosts that the portal answers to
 * @param mailbox where mails of a trial installation can be read; null when they go out
 */
public record PortalSettings(
        String host,
        int port,
        URI publicUri,
        URI gatewayUri,
        String sampleCall,
        OwnHosts hosts,
        @Nullable URI mailbox) {
    public boolean secure() {
        return "https".equals(publicUri.getScheme());
    }
}
