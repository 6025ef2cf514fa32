package dev.gatehouse.app.role;

import dev.gatehouse.enrichment.EnrichmentModule;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.SnapshotSource;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Puts the enrichment service together. */
public final class EnrichmentRole {
    private EnrichmentRole() {}

    /**
     * @param feed says what happened
     * @param listings say what was before
     */
    public static RunningRole start(Platform platform, URI directory, Feed feed, SnapshotSource listings)
            throws SQLException, IOException {
        EnrichmentModule module = EnrichmentModule.start(
                new EnrichmentModule.Parts(
                        platform.database().get(),
                        platform.redis().get(),
                        platform.settings().integer("gatehouse.metering.shards", UsageStreams.DEFAULT_SHARDS),
                        platform.queues().get(),
                        platform.vertx(),
                        platform.secrets(),
                        platform.clock()),
                feed,
                listings);
        List<RouteAnnouncement> announcements = new ArrayList<>();
        EnrichmentModule.routes(module.uri())
                .forEach(route -> announcements.add(RouteAnnouncement.begin(platform, directory, route)));
        List<AutoCloseable> parts = new ArrayList<>(announcements);
        parts.add(module);
        return new RunningRole(
                Role.ENRICHMENT,
                module.uri().toString(),
                () -> announcements.stream().allMatch(RouteAnnouncement::isTaken),
                new Parts(parts));
    }
}
