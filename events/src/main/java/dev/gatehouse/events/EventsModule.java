package dev.gatehouse.events;

import dev.gatehouse.events.changes.ChangeFeed;
import dev.gatehouse.events.changes.News;
import dev.gatehouse.events.intake.ConsumerQueues;
import dev.gatehouse.events.intake.Intake;
import dev.gatehouse.events.store.PostgresEventStore;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.feed.HttpFeed;
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

/**
 * The feed's process: takes what services hand over, gives each event its place, serves the feed, and tells consumers by
 * their queues. Any number may run; they meet in the database.
 */
public final class EventsModule implements AutoCloseable {
    /** The route's and the service's name. */
    public static final String SERVICE = "events";

    /** What a gateway is to send here. */
    public static final List<String> PREFIXES = List.of("/v2/events");

    private static final int POOL = 8;
    private static final int MAX_BODY = 32 << 20;

    private final Database database;
    private final ConsumerQueues queues;
    private final News news;
    private final WebServer server;

    private EventsModule(Database database, ConsumerQueues queues, News news, WebServer server) {
        this.database = database;
        this.queues = queues;
        this.news = news;
        this.server = server;
    }

    /**
     * @param port 0 for any free one of the loopback interface
     * @param consumers who is told of news by a queue, as in {@code webhooks}
     */
    public record Options(int port, List<String> consumers) {
        public Options {
            consumers = List.copyOf(consumers);
        }
    }

    /** Migrates the schema and serves. */
    public static EventsModule start(
            DatabaseUrl url, Queues queues, Vertx vertx, InternalSecrets secrets, InstantSource clock, Options options)
            throws SQLException, IOException {
        Database database = Database.open(url, "events", PostgresEventStore.MIGRATIONS, POOL);
        EventStore store = new PostgresEventStore(database, clock);
        ConsumerQueues pointers = ConsumerQueues.start(queues, options.consumers());
        News news = new News();
        Intake intake = new Intake(store, last -> {
            news.tell(last);
            pointers.tell(last);
        });
        CallerGuard guard = new CallerGuard(secrets, SERVICE, clock);
        Router router = new Router()
                .post(HttpFeed.PATH, guard.internal(intake::take))
                .get(HttpFeed.PATH, guard.internal(intake::after))
                .get(HttpFeed.PLACE_PATH, guard.internal(intake::place));
        new ChangeFeed(store, news).mount(router);
        WebServer.Options listening =
                WebServer.Options.loopback(SERVICE).onPort(options.port()).withMaxBody(MAX_BODY);
        return new EventsModule(database, pointers, news, WebServer.start(vertx, listening, router, guard, clock));
    }

    /** The public operations, for the gateway and the reference. */
    public static ApiDescription description() {
        return ChangeFeed.description();
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        news.close();
        server.close();
        queues.close();
        database.close();
    }
}
