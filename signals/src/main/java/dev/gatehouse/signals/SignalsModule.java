package dev.gatehouse.signals;

import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.SnapshotSource;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.TenantTurns;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.signals.answer.InternalAlerts;
import dev.gatehouse.signals.answer.ReadSide;
import dev.gatehouse.signals.answer.SignalsV2;
import dev.gatehouse.signals.sandbox.Sandbox;
import dev.gatehouse.signals.store.SignalsStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The signals service: opens its schema, follows the feed, serves v2 to the gateway. */
public final class SignalsModule implements AutoCloseable {
    /** The route's and the service's name, and the feed consumer's. */
    public static final String SERVICE = "signals";

    /** What a gateway is to send here. */
    public static final List<String> PREFIXES = List.of("/v2/signals", "/v2/markets", "/v2/alerts");

    private final SignalsStore store;
    private final InternalSecrets secrets;
    private final InstantSource clock;

    private @Nullable WebServer server;

    private SignalsModule(SignalsStore store, InternalSecrets secrets, InstantSource clock) {
        this.store = store;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Migrates the schema {@code signals} and opens it. */
    public static SignalsModule open(DatabaseUrl url, InternalSecrets secrets, InstantSource clock)
            throws SQLException {
        return new SignalsModule(SignalsStore.open(url, clock), secrets, clock);
    }

    /**
     * Begins to make figures and signals of the feed, and to tell of signals on it.
     *
     * @param listings fill a service that is new
     */
    public void follow(Feed feed, Queues queues, SnapshotSource listings) {
        store.follow(feed, queues, listings);
    }

    /**
     * Starts to serve.
     *
     * @param port 0 for any free one of the loopback interface
     */
    public URI serve(Vertx vertx, int port) throws IOException {
        CallerGuard guard = new CallerGuard(secrets, SERVICE, clock);
        Router outside = new Router();
        ReadSide readSide = new ReadSide(store.signals(), store.markets(), store.externalMarkets(), new Sandbox());
        new SignalsV2(readSide, store.alerts(), new PageCursors(secrets.derive("signals cursor")), clock)
                .mount(outside);
        Router inside = new Router();
        new InternalAlerts(store.alerts()::changes).mount(inside);
        Endpoint vouched = guard.vouched(TenantTurns.ofThisMachine().around(outside));
        Endpoint internal = guard.internal(inside);
        WebServer started = WebServer.start(
                vertx,
                WebServer.Options.loopback(SERVICE).onPort(port),
                request -> request.path().startsWith("/internal/") ? internal.handle(request) : vouched.handle(request),
                guard,
                clock);
        server = started;
        return started.uri();
    }

    /** The route that leads to this service. */
    public static RouteDeclaration route(URI service) {
        return RouteDeclaration.of(SERVICE, SERVICE, PREFIXES, description().text(), service.toString());
    }

    /** The public operations, for the gateway and the reference. */
    public static ApiDescription description() {
        return SignalsV2.description();
    }

    /** The last sequence of the feed that is in the figures. */
    public long position() {
        return store.position();
    }

    SignalsStore store() {
        return store;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        store.close();
    }
}
