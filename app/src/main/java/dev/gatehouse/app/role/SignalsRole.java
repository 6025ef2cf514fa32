package dev.gatehouse.app.role;

import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.SnapshotSource;
import dev.gatehouse.signals.SignalsModule;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;

/** Puts the signals service together. */
public final class SignalsRole {
    private SignalsRole() {}

    /**
     * @param feed says what happens on the market, and takes what the service has to say
     * @param listings fill a service that is new
     */
    public static RunningRole start(Platform platform, URI directory, Feed feed, SnapshotSource listings)
            throws SQLException, IOException {
        SignalsModule module = SignalsModule.open(platform.database().get(), platform.secrets(), platform.clock());
        URI address = module.serve(platform.vertx(), platform.settings().integer("gatehouse.signals.port", 0));
        module.follow(feed, platform.queues().get(), listings);
        RouteAnnouncement announcement = RouteAnnouncement.begin(platform, directory, SignalsModule.route(address));
        return new RunningRole(Role.SIGNALS, address.toString(), announcement::isTaken, Parts.of(announcement, module));
    }
}
