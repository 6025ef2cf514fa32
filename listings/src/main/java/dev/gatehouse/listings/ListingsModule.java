package dev.gatehouse.listings;

import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.listings.answer.InternalListings;
import dev.gatehouse.listings.answer.ListingsV1;
import dev.gatehouse.listings.answer.ListingsV2;
import dev.gatehouse.listings.answer.SearchByMode;
import dev.gatehouse.listings.cache.AnswerCache;
import dev.gatehouse.listings.cache.Generation;
import dev.gatehouse.listings.load.ImportRun;
import dev.gatehouse.listings.load.MappingReader;
import dev.gatehouse.listings.simulator.MarketSimulator;
import dev.gatehouse.listings.simulator.Simulation;
import dev.gatehouse.listings.store.PostgresListingSink;
import dev.gatehouse.listings.store.PostgresListings;
import dev.gatehouse.listings.store.PostgresSearch;
import dev.gatehouse.listings.store.PostgresSimulation;
import dev.gatehouse.listings.store.PostgresSnapshot;
import dev.gatehouse.listings.store.SandboxTable;
import dev.gatehouse.listings.town.Settlement;
import dev.gatehouse.listings.town.Town;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.TenantTurns;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The listings service: opens its schema, serves v1 and v2 to the gateway, imports files. */
public final class ListingsModule implements AutoCloseable {
    /** How many homes come with Gatehouse. */
    public static final int BUNDLED_ROWS = 25_357;

    /** Where other processes of the installation are given a snapshot of all homes and listings. */
    public static final String SNAPSHOT_PATH = "/internal/listings/snapshot";

    private static final String NAME = "listings";
    private static final String BUNDLED = "lucas-county";
    private static final int CONNECTIONS = 12;

    private final Database database;
    private final InternalSecrets secrets;
    private final InstantSource clock;
    private final Outbox outbox;
    private final Generation generation;
    private final PostgresListings listings;
    private final PostgresListingSink sink;
    private final AnswerCache cache;

    private @Nullable WebServer server;
    private @Nullable OutboxRelay relay;
    private @Nullable MarketSimulator simulator;

    private ListingsModule(Database database, Redis redis, InternalSecrets secrets, InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.clock = clock;
        this.outbox = new Outbox(NAME);
        PostgresListings reader = new PostgresListings(database, outbox, clock, position -> {});
        this.generation = Generation.watch(reader::generation);
        this.listings = new PostgresListings(database, outbox, clock, generation::reached);
        this.sink = new PostgresListingSink(database, outbox, clock, generation::reached);
        this.cache = new AnswerCache(generation, redis);
    }

    /** Migrates the schema {@code listings} and opens it. */
    public static ListingsModule open(DatabaseUrl url, Redis redis, InternalSecrets secrets, InstantSource clock)
            throws SQLException {
        Database database = Database.open(url, NAME, "classpath:dev/gatehouse/listings/store/migration", CONNECTIONS);
        SandboxTable.fill(database);
        return new ListingsModule(database, redis, secrets, clock);
    }

    /** {@link #serve(Vertx, int)} on any free port. */
    public URI serve(Vertx vertx) throws IOException {
        return serve(vertx, 0);
    }

    /**
     * Starts to serve on the loopback interface.
     *
     * @param port 0 for any free one
     */
    public URI serve(Vertx vertx, int port) throws IOException {
        CallerGuard guard = new CallerGuard(secrets, NAME, clock);
        Router outside = new Router();
        SearchByMode searches =
                new SearchByMode(PostgresSearch.ofMarket(database, clock), PostgresSearch.ofSandbox(database, clock));
        new ListingsV2(searches, cache, new PageCursors(secrets.derive("listings cursor"))).mount(outside);
        new ListingsV1(searches, cache).mount(outside);
        Router inside = new Router();
        new InternalListings(listings, new PostgresSnapshot(database)).mount(inside);
        Endpoint vouched = guard.vouched(TenantTurns.ofThisMachine().around(outside));
        Endpoint internal = guard.internal(inside);
        WebServer started = WebServer.start(
                vertx,
                WebServer.Options.loopback(NAME).onPort(port),
                request -> request.path().startsWith("/internal/") ? internal.handle(request) : vouched.handle(request),
                guard,
                clock);
        server = started;
        return started.uri();
    }

    /** Starts to hand the service's events to the feed. */
    public void relay(Feed feed) {
        relay = OutboxRelay.start(database, outbox, feed);
    }

    /** The routes that lead to this service, one for each version. */
    public static List<RouteDeclaration> routes(URI service) {
        return List.of(
                RouteDeclaration.of(NAME, NAME, List.of("/v2/listings"), v2().text(), service.toString()),
                RouteDeclaration.of("listings-v1", NAME, List.of("/v1/listings"), v1().text(), service.toString()));
    }

    public static ApiDescription v2() {
        return ListingsV2.description();
    }

    public static ApiDescription v1() {
        return ListingsV1.description();
    }

    public Listings listings() {
        return listings;
    }

    /**
     * Imports the homes that come with Gatehouse, once: an import that was whole is not repeated, one that was
     * interrupted is.
     *
     * @return empty when they are there already
     */
    public Optional<ImportReport> loadBundled(ImportProgress progress) {
        if (sink.isDone(BUNDLED)) {
            return Optional.empty();
        }
        try (InputStream in = ImportRun.class.getResourceAsStream("data/" + BUNDLED + ".csv.gz")) {
            if (in == null) {
                throw new IllegalStateException("the bundled homes are not in the program");
            }
            ImportReport report = new ImportRun(MappingReader.find(BUNDLED), sink, progress)
                    .from(PrefixedId.next("imp", clock), BUNDLED + ".csv.gz", in, null);
            sink.done(BUNDLED);
            database.analyze();
            return Optional.of(report);
        } catch (IOException e) {
            throw new ImportRefused("The bundled homes cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Imports the generated town, once: {@value Town#HOMES} invented homes with addresses, labelled by their source.
     *
     * @return empty when it is there already
     */
    public Optional<ImportReport> loadTown() {
        if (sink.isDone(ListingState.TOWN)) {
            return Optional.empty();
        }
        ImportReport report = Settlement.settle(sink, PrefixedId.next("imp", clock), Town.sales());
        sink.done(ListingState.TOWN);
        return Optional.of(report);
    }

    /**
     * Starts the market simulator on the bundled homes.
     *
     * @param before is done first, on the simulator's thread
     */
    public void simulate(MarketSimulator.Options options, Runnable before) {
        simulator = MarketSimulator.start(simulation(options), clock, before);
    }

    /** Makes up for everything in the simulated market that is due by now. */
    public void simulateUntilNow(MarketSimulator.Options options) {
        Simulation simulation = simulation(options);
        while (simulation.advance(clock.instant())) {
            // the next batch
        }
    }

    private Simulation simulation(MarketSimulator.Options options) {
        return new PostgresSimulation(database, outbox, generation::reached, options, BUNDLED);
    }

    /** {@link ListingsImport#file} by the service itself. */
    public ImportReport importFile(Path file, String mapping, ImportProgress progress) {
        return ListingsImport.file(file, mapping, sink, clock, progress);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (simulator != null) {
            simulator.close();
        }
        if (relay != null) {
            relay.close();
        }
        generation.close();
        database.close();
    }
}
