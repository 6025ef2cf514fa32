package dev.gatehouse.app.role;

import dev.gatehouse.listings.ListingsModule;
import dev.gatehouse.listings.simulator.MarketSimulator;
import dev.gatehouse.runtime.feed.Feed;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the listings service together, with the homes that come with Gatehouse. */
public final class ListingsRole {
    private static final Logger LOG = LoggerFactory.getLogger(ListingsRole.class);

    private ListingsRole() {}

    /**
     * @param feed takes what the service has to say
     * @param people are told how far the first load of the bundled homes is
     */
    public static RunningRole start(Platform platform, URI directory, Feed feed, Consumer<String> people)
            throws SQLException, IOException {
        ListingsModule module = ListingsModule.open(
                platform.database().get(), platform.redis().get(), platform.secrets(), platform.clock());
        module.loadBundled(rows -> people.accept(String.format(
                        Locale.ROOT, "Loading the bundled homes, once: %,d of %,d", rows, ListingsModule.BUNDLED_ROWS)))
                .ifPresent(report -> LOG.info("The bundled homes are loaded: {}", report));
        module.relay(feed);
        demonstrate(platform, module);
        URI address = module.serve(platform.vertx(), platform.settings().integer("gatehouse.listings.port", 0));
        List<RouteAnnouncement> announcements = new ArrayList<>();
        ListingsModule.routes(address)
                .forEach(route -> announcements.add(RouteAnnouncement.begin(platform, directory, route)));
        List<AutoCloseable> parts = new ArrayList<>(announcements);
        parts.add(module);
        return new RunningRole(
                Role.LISTINGS,
                address.toString(),
                () -> announcements.stream().allMatch(RouteAnnouncement::isTaken),
                new Parts(parts));
    }

    /** The invented part, side by side with the start: the generated town, and the market that moves. */
    private static void demonstrate(Platform platform, ListingsModule module) {
        Runnable town = isOff(platform, "gatehouse.town")
                ? () -> {}
                : () -> module.loadTown().ifPresent(report -> LOG.info("The generated town is loaded: {}", report));
        if (isOff(platform, "gatehouse.simulator")) {
            LOG.info("The market simulator is off.");
            Thread unused = Thread.ofVirtual().name("generated-town").start(town);
            return;
        }
        MarketSimulator.Options usual = MarketSimulator.Options.usual();
        long seed = platform.settings().number("gatehouse.simulator.seed", usual.seed());
        module.simulate(new MarketSimulator.Options(seed, usual.arrivalsPerDay()), town);
        LOG.info("The market simulator runs on seed {}. Set gatehouse.simulator=off for a real market.", seed);
    }

    private static boolean isOff(Platform platform, String setting) {
        return platform.settings().text(setting, "on").equals("off");
    }
}
