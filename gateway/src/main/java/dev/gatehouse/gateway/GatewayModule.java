package dev.gatehouse.gateway;

import dev.gatehouse.gateway.admit.LocalDecisions;
import dev.gatehouse.gateway.arrive.EdgeTransport;
import dev.gatehouse.gateway.edge.Certificate;
import dev.gatehouse.gateway.edge.GatewayLoop;
import dev.gatehouse.gateway.edge.LoopParts;
import dev.gatehouse.gateway.redis.Siblings;
import dev.gatehouse.gateway.report.GatewayMetrics;
import dev.gatehouse.gateway.report.StreamUsageRecorder;
import dev.gatehouse.gateway.report.UsageRecorders;
import dev.gatehouse.gateway.route.RouteTables;
import dev.gatehouse.gateway.snapshot.DirectoryClient;
import dev.gatehouse.gateway.snapshot.DirectoryHint;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.aside.SetAsides;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: the data plane of one process, on event loops of its own. */
public final class GatewayModule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayModule.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final GatewaySettings settings;
    private final LoopParts parts;
    private final List<GatewayLoop> loops;
    private final RouteTables routes;
    private final DirectoryHint hint;
    private final Siblings siblings;
    private final AtomicBoolean closed = new AtomicBoolean();

    private GatewayModule(
            Vertx vertx,
            GatewaySettings settings,
            LoopParts parts,
            List<GatewayLoop> loops,
            RouteTables routes,
            DirectoryHint hint,
            Siblings siblings) {
        this.vertx = vertx;
        this.settings = settings;
        this.parts = parts;
        this.loops = loops;
        this.routes = routes;
        this.hint = hint;
        this.siblings = siblings;
    }

    /** Starts a gateway that puts usage on Redis streams straight from memory. */
    public static GatewayModule start(GatewaySettings settings, MeterRegistry meters, InstantSource clock) {
        return start(
                settings,
                meters,
                clock,
                (producer, redis) ->
                        new StreamUsageRecorder(producer, clock.millis(), UsageStreams.DEFAULT_SHARDS, redis));
    }

    /**
     * Starts a gateway, and returns when it serves: after the directory's first answer, or from the snapshot's copy on
     * disk. Redis may be away.
     *
     * @throws IllegalStateException when it does not come up; the message says why
     */
    public static GatewayModule start(
            GatewaySettings settings, MeterRegistry meters, InstantSource clock, UsageRecorders recorders) {
        return start(settings, meters, clock, recorders, new SetAsides(meters, clock));
    }

    /** As {@link #start(GatewaySettings, MeterRegistry, InstantSource, UsageRecorders)}, with the process's shelves. */
    public static GatewayModule start(
            GatewaySettings settings,
            MeterRegistry meters,
            InstantSource clock,
            UsageRecorders recorders,
            SetAsides asides) {
        EdgeTransport arrivals = EdgeTransport.of(settings, GatewayLoop.strictFromTheFirst(settings));
        Vertx vertx = arrivals.vertx(new VertxOptions()
                // a name server that says nothing is given up on in the time that a target has to accept a connection
                .setAddressResolverOptions(new AddressResolverOptions().setQueryTimeout(1_000))
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(settings.loops())
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2));
        try {
            GatewayMetrics metrics = new GatewayMetrics(meters);
            metrics.gauge(
                    "gatehouse.gateway.connections.unread",
                    "Connections that have not said yet, by the PROXY protocol, whose they are",
                    arrivals::unread);
            return start(vertx, settings, metrics, clock, recorders, asides);
        } catch (RuntimeException e) {
            var unused = vertx.close();
            throw e;
        }
    }

    private static GatewayModule start(
            Vertx vertx,
            GatewaySettings settings,
            GatewayMetrics metrics,
            InstantSource clock,
            UsageRecorders recorders,
            SetAsides asides) {
        RouteTables routes = new RouteTables(vertx);
        RouteChange change = new RouteChange();
        DirectoryClient directory =
                new DirectoryClient(vertx, settings.directory(), settings.secrets(), settings.folder(), asides, change);
        Siblings siblings = new Siblings(settings.node());
        LocalDecisions local = new LocalDecisions(clock, siblings::count);
        recorders.onShipped(local::shipped);
        LoopParts parts = new LoopParts(settings, clock, directory, local, recorders, metrics);
        change.to(() -> parts.routes(routes.compile(directory.index().routes())));
        metrics.gauge(
                "gatehouse.gateway.directory.staleness",
                "Seconds since the directory last said what is true",
                directory::staleness);
        metrics.gauge("gatehouse.gateway.admission.owed", "Units let in locally and not yet charged", local::owed);
        metrics.gauge("gatehouse.gateway.admission.degraded", "1 while Redis is away", () -> local.isAway() ? 1 : 0);
        metrics.gauge("gatehouse.gateway.log.dropped", "Pieces of the access log lost", parts.accessLog()::dropped);
        metrics.gauge("gatehouse.gateway.connections", "Connections of clients", parts::connections);
        metrics.gauge(
                "gatehouse.gateway.connections.refused",
                "Connections closed at once, as there were too many",
                parts::connectionsRefused);
        metrics.gauge(
                "gatehouse.gateway.upstream.connections",
                "Connections to services, in use or idle",
                parts.upstreams()::open);
        metrics.gauge(
                "gatehouse.gateway.upstream.doubted",
                "Connections to services closed as what came on them was in doubt",
                parts.upstreams()::doubts);
        metrics.gauge(
                "gatehouse.gateway.upstream.in.flight",
                "Calls that a service is being asked",
                () -> routes.pools().values().stream()
                        .flatMap(pool -> pool.targets().stream())
                        .mapToInt(target -> target.inFlight().get())
                        .sum());
        metrics.gauge(
                "gatehouse.gateway.pool.waiting",
                "Calls that wait for their turn",
                () -> routes.pools().values().stream()
                        .mapToInt(pool -> pool.turnstile().waiting())
                        .sum());
        await(
                directory.start(),
                "the directory at " + settings.directory() + " does not answer, and there is no copy of"
                        + " its snapshot in " + settings.folder());
        List<GatewayLoop> loops = new ArrayList<>();
        for (int i = 0; i < settings.loops(); i++) {
            GatewayLoop loop = new GatewayLoop(parts, i);
            await(
                    vertx.deployVerticle(loop),
                    "the gateway cannot listen on " + settings.host() + ":" + settings.port());
            loops.add(loop);
        }
        GatewaySettings.Tls tls = settings.tls();
        if (tls != null) {
            Certificate.watch(vertx, tls, loops);
        }
        DirectoryHint hint = DirectoryHint.listen(
                settings.redis(),
                parts.redis().on(((VertxInternal) vertx).nettyEventLoopGroup().next()),
                directory::hint);
        siblings.start(vertx, settings.redis(), parts.redis());
        LOG.info("the gateway {} serves on {}:{}", settings.node(), settings.host(), parts.port());
        return new GatewayModule(vertx, settings, parts, loops, routes, hint, siblings);
    }

    /** What is run when the directory has changed; given after the client that calls it. */
    private static final class RouteChange implements Runnable {
        private volatile Runnable action = () -> {};

        void to(Runnable chosen) {
            action = chosen;
        }

        @Override
        public void run() {
            action.run();
        }
    }

    public int port() {
        return parts.port();
    }

    /** Where it listens. */
    public SocketAddress address() {
        return SocketAddress.inetSocketAddress(port(), settings.host());
    }

    /** The directory's version that is served from. */
    public long directoryVersion() {
        return parts.directory().index().version();
    }

    /** Why what the directory says cannot be served by; empty while it can. */
    public Optional<String> fault() {
        return Optional.ofNullable(parts.directory().fault());
    }

    /** Stops taking calls, waits for those in flight up to the drain time, and hands on what was recorded. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<Future<Void>> drained = loops.stream().map(GatewayLoop::drain).toList();
        try {
            Future.join(drained)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(settings.drain().toMillis() + 2_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the gateway did not drain in order: {}", e.toString());
        }
        routes.close();
        hint.close();
        siblings.close();
        parts.directory().close();
        await(vertx.close(), "the gateway's event loops do not stop");
        parts.accessLog().close();
        parts.redis().close();
    }

    private static void await(Future<?> future, String complaint) {
        try {
            future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(complaint + ": interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IllegalStateException(complaint + ": " + (cause == null ? e : cause).getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(complaint, e);
        }
    }
}
