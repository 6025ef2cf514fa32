package dev.gatehouse.app.role;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.runtime.http.BoundAddress;
import dev.gatehouse.runtime.http.OwnHosts;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names that servers for people answer to: any other is another site's, whose owner lets it lead here. */
public final class OwnNames {
    private OwnNames() {}

    /** Of what is for the installation's owner: the administration and the mailbox. */
    public static OwnHosts ofPrivate(Platform platform) {
        return hosts(platform, platform.ports().privateHost(), "gatehouse.private-names", List.of());
    }

    /** @param publicUri where people find the portal */
    static OwnHosts ofPortal(Platform platform, URI publicUri) {
        return hosts(
                platform,
                platform.ports().host(),
                "gatehouse.portal.names",
                publicUri.getHost() == null ? List.of() : List.of(publicUri.getHost()));
    }

    private static OwnHosts hosts(Platform platform, String bound, String setting, List<String> more) {
        List<String> names = new ArrayList<>(more);
        Arrays.stream(platform.settings().text(setting, "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(names::add);
        if (!BoundAddress.isEverywhere(bound)) {
            names.add(bound);
        }
        try {
            return OwnHosts.of(names);
        } catch (IllegalArgumentException e) {
            throw new StartRefused(setting + ": " + e.getMessage() + ". Give names or addresses, without a port.", e);
        }
    }
}
