package dev.gatehouse.enrichment;

import dev.gatehouse.enrichment.answer.BatchApi;
import dev.gatehouse.enrichment.answer.EnrichmentV1;
import dev.gatehouse.enrichment.answer.EnrichmentV2;
import dev.gatehouse.enrichment.answer.RowAnswers;
import dev.gatehouse.enrichment.batch.UsageShipper;
import dev.gatehouse.enrichment.batch.Worker;
import dev.gatehouse.enrichment.sandbox.SandboxTown;
import dev.gatehouse.enrichment.store.HomeUpdates;
import dev.gatehouse.enrichment.store.PostgresBatchStore;
import dev.gatehouse.enrichment.store.PostgresHomes;
import dev.gatehouse.enrichment.store.PostgresModels;
import dev.gatehouse.enrichment.store.PostgresUsageOutbox;
import dev.gatehouse.enrichment.store.Schedule;
import dev.gatehouse.enrichment.valuation.HedonicModel;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedCursor;
import dev.gatehouse.runtime.feed.SnapshotSource;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.TenantTurns;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The enrichment service: follows the feed, trains its models, serves v2 and v1 to the gateway. */
public final class EnrichmentModule implements AutoCloseable {
    /** The route's and the service's name, and the feed consumer's. */
    public static final String SERVICE = "enrichment";

    private static final int POOL = 12;
    private static final int MAX_BODY = 8 << 20;
    private static final Duration VISIBILITY = Duration.ofSeconds(30);

    /**
     * What of the process and its engines the module works with.
     *
     * @param usageShards streams of usage, the same number in every process of the installation
     */
    public record Parts(
            DatabaseUrl database,
            Redis redis,
            int usageShards,
            Queues queues,
            Vertx vertx,
            InternalSecrets secrets,
            InstantSource clock) {}

    private final URI uri;
    private final List<AutoCloseable> running;

    private EnrichmentModule(URI uri, List<AutoCloseable> running) {
        this.uri = uri;
        this.running = running;
    }

    /**
     * Migrates the schema {@code enrichment}, begins to follow the feed, and serves on a free loopback port.
     *
     * @param listings the snapshot that a new service is filled from
     */
    public static EnrichmentModule start(Parts parts, Feed feed, SnapshotSource listings)
            throws SQLException, IOException {
        Database database =
                Database.open(parts.database(), SERVICE, "classpath:dev/gatehouse/enrichment/store/migration", POOL);
        PostgresHomes homes = new PostgresHomes(database);
        Models models = new Models(homes, new PostgresModels(database), parts.clock());
        KnownHomes known = new KnownHomes(homes, models);
        EnrichmentV2.HomesByMode byMode = new EnrichmentV2.HomesByMode(known, new SandboxTown());
        FeedConsumer consumer = FeedConsumer.startFilled(
                SERVICE,
                feed,
                parts.queues().queue(FeedConsumer.queueName(SERVICE), VISIBILITY),
                new FeedCursor(database, SERVICE),
                new HomeUpdates(known::changed),
                FeedConsumer.Options.usual(),
                listings);
        FirstTraining first = FirstTraining.start(homes::hasSales, models);
        PostgresBatchStore jobs = new PostgresBatchStore(database, parts.clock());
        Schedule schedule = Schedule.start(
                database,
                new Schedule.Work(
                        () -> models.train(Models.Which.NEW), () -> models.train(Models.Which.CHANGED), jobs::forget));
        Worker worker = Worker.start(jobs, parts.queues().queue(Worker.QUEUE, VISIBILITY), new RowAnswers(byMode));
        UsageShipper shipper =
                UsageShipper.start(new PostgresUsageOutbox(database), parts.redis(), parts.usageShards());
        WebServer server = serve(parts, byMode, models, new BatchApi(jobs, worker::offer, parts.clock()));
        return new EnrichmentModule(
                server.uri(), List.of(server, worker, shipper, schedule, first, consumer, database));
    }

    private static WebServer serve(Parts parts, EnrichmentV2.HomesByMode homes, Models models, BatchApi batch)
            throws IOException {
        CallerGuard guard = new CallerGuard(parts.secrets(), SERVICE, parts.clock());
        Router outside = new Router();
        new EnrichmentV2(homes, batch).mount(outside);
        new EnrichmentV1(homes).mount(outside);
        Router inside = new Router();
        ApiRouter.mount(
                inside,
                ApiDescription.resource(EnrichmentV2.class, "internal.yaml"),
                Map.of(
                        "trainModels",
                        call -> Response.ok(Map.of(
                                "models",
                                models.train(Models.Which.CHANGED).stream()
                                        .map(HedonicModel::id)
                                        .toList()))));
        Endpoint vouched = guard.vouched(TenantTurns.ofThisMachine().around(outside));
        Endpoint internal = guard.internal(inside);
        return WebServer.start(
                parts.vertx(),
                WebServer.Options.loopback(SERVICE).withMaxBody(MAX_BODY),
                request -> request.path().startsWith("/internal/") ? internal.handle(request) : vouched.handle(request),
                guard,
                parts.clock());
    }

    /** The routes that lead to this service, one for each version. */
    public static List<RouteDeclaration> routes(URI service) {
        return List.of(
                RouteDeclaration.of(SERVICE, SERVICE, List.of("/v2/enrichment"), v2().text(), service.toString()),
                RouteDeclaration.of("enrichment-v1", SERVICE, List.of("/v1/enrich"), v1().text(), service.toString()));
    }

    public static ApiDescription v2() {
        return EnrichmentV2.description();
    }

    public static ApiDescription v1() {
        return EnrichmentV1.description();
    }

    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (AutoCloseable part : running) {
            try {
                part.close();
            } catch (Exception e) {
                failure = failure == null ? new IllegalStateException("a part did not close", e) : failure;
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
