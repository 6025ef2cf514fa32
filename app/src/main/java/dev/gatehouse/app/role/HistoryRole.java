package dev.gatehouse.app.role;

import dev.gatehouse.history.HistoryModule;
import dev.gatehouse.runtime.feed.Feed;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Puts the history service together. */
public final class HistoryRole {
    private HistoryRole() {}

    /** @param feed says what happened */
    public static RunningRole start(Platform platform, URI directory, Feed feed) throws SQLException, IOException {
        HistoryModule module = HistoryModule.start(
                new HistoryModule.Parts(
                        platform.database().get(),
                        platform.queues().get(),
                        platform.vertx(),
                        platform.secrets(),
                        platform.clock()),
                feed,
                platform.settings().integer("gatehouse.history.port", 0));
        List<RouteAnnouncement> announcements = new ArrayList<>();
        HistoryModule.routes(module.uri())
                .forEach(route -> announcements.add(RouteAnnouncement.begin(platform, directory, route)));
        List<AutoCloseable> parts = new ArrayList<>(announcements);
        parts.add(module);
        return new RunningRole(
                Role.HISTORY,
                module.uri().toString(),
                () -> announcements.stream().allMatch(RouteAnnouncement::isTaken),
                new Parts(parts));
    }
}
