package dev.gatehouse.history;

import dev.gatehouse.history.answer.HistoryApi;
import dev.gatehouse.history.sandbox.SandboxHistory;
import dev.gatehouse.history.sandbox.SandboxPriceIndexes;
import dev.gatehouse.history.store.HistoryEffect;
import dev.gatehouse.history.store.PostgresHistory;
import dev.gatehouse.history.store.PostgresPriceIndexes;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedCursor;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.TenantTurns;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The history service: follows the feed, keeps what happened to each home, and answers v1 and v2. */
public final class HistoryModule implements AutoCloseable {
    /** The role's, the schema's and the consumer's name. */
    public static final String SERVICE = "history";

    private static final int CONNECTIONS = 10;
    private static final Duration HINT_VISIBILITY = Duration.ofSeconds(30);

    private final Database database;
    private final FeedConsumer consumer;
    private final WebServer server;

    private HistoryModule(Database database, FeedConsumer consumer, WebServer server) {
        this.database = database;
        this.consumer = consumer;
        this.server = server;
    }

    /** What the service stands on. */
    public record Parts(
            DatabaseUrl database, Queues queues, Vertx vertx, InternalSecrets secrets, InstantSource clock) {}

    /**
     * Migrates the schema, serves, and begins to follow the feed: from its start when the service is new, as only the feed
     * knows what was before the present state.
     *
     * @param port 0 for any free one of the loopback interface
     */
    public static HistoryModule start(Parts parts, Feed feed, int port) throws SQLException, IOException {
        Database database = Database.open(
                parts.database(), SERVICE, "classpath:dev/gatehouse/history/store/migration", CONNECTIONS);
        CallerGuard guard = new CallerGuard(parts.secrets(), SERVICE, parts.clock());
        Router router = new Router();
        HistoryApi.mount(
                router,
                new HistoryApi.Source(new PostgresHistory(database), new PostgresPriceIndexes(database)),
                new HistoryApi.Source(new SandboxHistory(), new SandboxPriceIndexes()),
                new PageCursors(parts.secrets().derive("history cursor")));
        FeedConsumer consumer = FeedConsumer.start(
                SERVICE,
                feed,
                parts.queues().queue(FeedConsumer.queueName(SERVICE), HINT_VISIBILITY),
                new FeedCursor(database, SERVICE),
                new HistoryEffect(),
                FeedConsumer.Options.usual());
        WebServer server = WebServer.start(
                parts.vertx(),
                WebServer.Options.loopback(SERVICE).onPort(port),
                guard.vouched(TenantTurns.ofThisMachine().around(router)),
                guard,
                parts.clock());
        return new HistoryModule(database, consumer, server);
    }

    /** The routes that lead to this service, one for each version. */
    public static List<RouteDeclaration> routes(URI service) {
        return List.of(
                RouteDeclaration.of(
                        SERVICE, SERVICE, List.of("/v2/properties", "/v2/markets"), v2().text(), service.toString()),
                RouteDeclaration.of("history-v1", SERVICE, List.of("/v1/history"), v1().text(), service.toString()));
    }

    public static ApiDescription v2() {
        return HistoryApi.v2();
    }

    public static ApiDescription v1() {
        return HistoryApi.v1();
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
        consumer.close();
        database.close();
    }
}
