package dev.gatehouse.history;

import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/** The history service: follows the feed, keeps what happened to each home, and answers v1 and v2. */
public final class HistoryModule implements AutoCloseable {
    /** The role's, the schema's and the consumer's name. */
    public static final String SERVICE = "history";

    private static final int CONNECTIONS = 10;

    private final Database database;
    private final WebServer server;

    private HistoryModule(Database database, WebServer server) {
        this.database = database;
        this.server = server;
    }

    /** What the service stands on. */
    public record Parts(
            DatabaseUrl database, Queues queues, Vertx vertx, InternalSecrets secrets, InstantSource clock) {}

    /**
     * Migrates the schema, serves, and begins to follow the feed.
     *
     * @param port 0 for any free one of the loopback interface
     */
    public static HistoryModule start(Parts parts, Feed feed, int port) throws SQLException, IOException {
        Database database = Database.open(
                parts.database(), SERVICE, "classpath:dev/gatehouse/history/store/migration", CONNECTIONS);
        CallerGuard guard = new CallerGuard(parts.secrets(), parts.clock());
        Router router = new Router();
        WebServer server = WebServer.start(
                parts.vertx(),
                WebServer.Options.loopback(SERVICE).onPort(port),
                guard.vouched(router),
                guard,
                parts.clock());
        return new HistoryModule(database, server);
    }

    /** The routes that lead to this service, one for each version. */
    public static List<RouteDeclaration> routes(URI service) {
        return List.of();
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
