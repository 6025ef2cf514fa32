package dev.gatehouse.app.role;

import dev.gatehouse.events.EventsModule;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;

/** Puts the feed of domain events together. */
public final class EventsRole {
    private EventsRole() {}

    public static EventsModule open(Platform platform) throws SQLException, IOException {
        return EventsModule.start(
                platform.database().get(),
                platform.queues().get(),
                platform.vertx(),
                platform.secrets(),
                platform.clock(),
                new EventsModule.Options(
                        platform.settings().integer("gatehouse.events.port", 0),
                        List.of(
                                Role.WEBHOOKS.text(),
                                Role.HISTORY.text(),
                                Role.SIGNALS.text(),
                                Role.ENRICHMENT.text())));
    }

    /** Makes the feed known to the gateways. */
    public static RunningRole start(Platform platform, EventsModule module, URI directory) {
        String address = module.uri().toString();
        RouteAnnouncement announcement = RouteAnnouncement.begin(
                platform,
                directory,
                RouteDeclaration.of(
                        EventsModule.SERVICE,
                        EventsModule.SERVICE,
                        EventsModule.PREFIXES,
                        EventsModule.description().text(),
                        address));
        return new RunningRole(Role.EVENTS, address, announcement::isTaken, announcement);
    }
}
