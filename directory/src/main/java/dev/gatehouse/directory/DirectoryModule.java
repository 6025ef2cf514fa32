package dev.gatehouse.directory;

import dev.gatehouse.directory.admin.AdminApi;
import dev.gatehouse.directory.admin.Operators;
import dev.gatehouse.directory.aside.AsideBoard;
import dev.gatehouse.directory.change.ChangeDesk;
import dev.gatehouse.directory.change.SalesDesk;
import dev.gatehouse.directory.plan.PlanArrival;
import dev.gatehouse.directory.plan.PlanCatalogue;
import dev.gatehouse.directory.plan.PlanFile;
import dev.gatehouse.directory.snapshot.Hints;
import dev.gatehouse.directory.snapshot.InternalApi;
import dev.gatehouse.directory.snapshot.Snapshots;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directory: its schema, the admin API and the interface for other processes. {@link #open} makes what works in this
 * JVM; {@link #serve} opens the two servers.
 */
public final class DirectoryModule implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final int MAX_BODY = 2 << 20;

    private final DirectorySettings settings;
    private final InstantSource clock;
    private final DirectoryStore store;
    private final PlanCatalogue plans;
    private final Hints hints;
    private final ChangeDesk desk;
    private final SalesDesk sales = new SalesDesk();
    private final Directory directory;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @Nullable
    private WebServer admin;

    @Nullable
    private WebServer internal;

    private DirectoryModule(
            DirectorySettings settings, InstantSource clock, DirectoryStore store, PlanCatalogue plans, Redis redis) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.plans = plans;
        this.hints = new Hints(redis);
        this.desk = new ChangeDesk(store, clock, hints);
        this.directory = new StoredDirectory(store, desk, plans, sales);
    }

    /**
     * Reads the plans, migrates the schema and opens it.
     *
     * @throws dev.gatehouse.directory.plan.PlanFileException when the plans cannot be used; the message is for people
     */
    public static DirectoryModule open(DirectorySettings settings, DatabaseUrl url, Redis redis, InstantSource clock)
            throws SQLException {
        Path file = settings.plans();
        PlanCatalogue plans = new PlanCatalogue(file == null ? PlanFile.bundled() : PlanFile.read(file));
        DirectoryStore store = DirectoryStore.open(url, settings.poolSize());
        try {
            DirectoryModule module = new DirectoryModule(settings, clock, store, plans, redis);
            String name = file == null ? "plans.yaml" : file.toString();
            module.desk.change(Actor.process("directory"), writing -> {
                PlanArrival.take(writing, name, plans);
                return name;
            });
            return module;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Lets who sells the plans object to a tenant's coming onto one, and to its coming back. */
    public void soldBy(PlanSales by) {
        sales.open(by);
    }

    /** For the portal, billing and the start in the same JVM. */
    public Directory directory() {
        return directory;
    }

    /** As {@link #serve(Vertx, InternalSecrets, Map, List)}, with the directory's operations alone. */
    public void serve(Vertx vertx, InternalSecrets secrets, Map<String, Endpoint> read) throws IOException {
        serve(vertx, secrets, read, List.of());
    }

    /**
     * Opens the admin API and the internal interface.
     *
     * @param read what else any operator may read there, by path
     * @param parts operations of other modules
     * @throws IOException when a port is taken
     */
    public void serve(Vertx vertx, InternalSecrets secrets, Map<String, Endpoint> read, List<AdminPart> parts)
            throws IOException {
        Router router = new Router();
        Operators operators = new Operators(store, settings.ownerToken(), clock);
        // every operator may read these, and nobody else comes through the door
        read.forEach(router::get);
        AsideBoard asides = new AsideBoard(clock);
        byte[] sealing = secrets.derive("admin idempotency");
        AdminApi api = new AdminApi(store, plans, sales, secrets, clock, asides);
        api.mount(router, operators, desk, sealing);
        parts.forEach(part -> api.mount(router, operators, desk, sealing, part));
        admin = keep(WebServer.start(
                vertx,
                new WebServer.Options("admin", settings.host(), settings.adminPort(), MAX_BODY, DRAIN)
                        .answeringTo(settings.hosts())
                        .behind(operators::authenticate),
                router,
                null,
                clock));
        internal = keep(WebServer.start(
                vertx,
                new WebServer.Options("directory", "127.0.0.1", settings.internalPort(), MAX_BODY, DRAIN),
                new InternalApi(new Snapshots(store, plans), directory, asides)
                        .router(new CallerGuard(secrets, "directory", clock)),
                null,
                clock));
    }

    private WebServer keep(WebServer server) {
        opened.push(server);
        return server;
    }

    /** Base address of the admin API. @throws IllegalStateException before {@link #serve} */
    public URI adminUri() {
        return uri(admin);
    }

    /** Base address of the internal interface. @throws IllegalStateException before {@link #serve} */
    public URI internalUri() {
        return uri(internal);
    }

    private static URI uri(@Nullable WebServer server) {
        if (server == null) {
            throw new IllegalStateException("the directory does not serve yet");
        }
        return server.uri();
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        hints.close();
        store.close();
    }
}
