package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.admit.LoopAdmission;
import dev.gatehouse.gateway.authenticate.Authenticator;
import dev.gatehouse.gateway.authenticate.KeySearch;
import dev.gatehouse.gateway.forward.Connections;
import dev.gatehouse.gateway.forward.Target;
import dev.gatehouse.gateway.redis.LoopRedis;
import dev.gatehouse.gateway.report.GatewayMetrics;
import dev.gatehouse.gateway.report.KeyMask;
import dev.gatehouse.gateway.report.LogLines;
import dev.gatehouse.gateway.report.RefusedCalls;
import dev.gatehouse.gateway.report.UsageRecorder;
import dev.gatehouse.gateway.route.RouteTable;
import dev.gatehouse.gateway.snapshot.DirectoryClient;
import io.lettuce.core.RedisURI;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that serves calls on one event loop; nothing here is touched by another thread unless it says so. */
public final class GatewayLoop extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayLoop.class);
    private static final int MOST_SHOWN = 40;
    private static final long DEADLINE_TICK_MILLIS = 50;
    private static final long SHIP_MILLIS = 50;
    private static final long REDIS_WAIT_NANOS = 1_000_000_000L;
    private static final long SWEEP_MILLIS = 1_000;

    private final LoopParts parts;
    private final int number;
    private final InFlight inFlight = new InFlight();
    private final RequestIds ids = new RequestIds();
    private final CallSpans spans = new CallSpans();
    private final StreamTurns streams = new StreamTurns(System::nanoTime, this::streamsGoOn);
    private final CallerSeals seals;
    private final Authenticator authenticator;
    private final ClientAddress addresses;
    private volatile boolean draining;
    private final Executor later = this::runLater;
    private ContextInternal loop;
    private LoopRedis redis;
    private LoopAdmission admission;
    private ClientConnections clients;
    private Connections connections;
    private Reporter reporter;
    private UsageRecorder usage;
    private RefusedCalls refused;
    private LogLines log;
    private HttpServer server;
    private long warnedNanos;

    @SuppressWarnings("NullAway.Init") // the rest is made on the loop itself, before the first call can come
    public GatewayLoop(LoopParts parts, int number) {
        this.parts = parts;
        this.number = number;
        seals = new CallerSeals(parts.settings().secrets());
        authenticator = new Authenticator(parts.directory().index());
        addresses = new ClientAddress(parts.settings().edge());
    }

    /** Has a channel's first request of HTTP/1 read as strictly as all others, where both versions are spoken. */
    public static Consumer<ChannelPipeline> strictFromTheFirst(GatewaySettings settings) {
        HttpServerOptions options = ServerSetup.options(settings);
        return pipeline -> StrictDecoder.takePlace(pipeline, options);
    }

    @Override
    public Future<?> start() {
        loop = (ContextInternal) context;
        redis = new LoopRedis(loop.nettyEventLoop(), RedisURI.create(settings().redis()), parts.redis());
        admission = new LoopAdmission(redis, parts.local());
        clients = new ClientConnections(settings().edge(), parts.connectionCounts(), later);
        connections =
                new Connections(vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true)), parts.upstreams());
        usage = parts.recorders().open(settings().node() + "-" + number, redis);
        log = new LogLines(parts.accessLog());
        refused = new RefusedCalls(redis);
        reporter = new Reporter(admission, new Reporter.Records(usage, refused), parts.metrics(), log);
        vertx.setPeriodic(LoopAdmission.TICK_MILLIS, id -> admission.tick());
        vertx.setPeriodic(DEADLINE_TICK_MILLIS, id -> inFlight.checkDeadlines(System.nanoTime()));
        StandingWatch watch = new StandingWatch(parts.directory().index());
        vertx.setPeriodic(StandingWatch.TICK_MILLIS, id -> watch.check(inFlight, nowMillis()));
        vertx.setPeriodic(SHIP_MILLIS, id -> ship());
        vertx.setPeriodic(SWEEP_MILLIS, id -> sweep(System.nanoTime()));
        server = ServerSetup.create(vertx, settings(), this::serve, this::accept, this::bodyIsMalformed);
        return redisFound(System.nanoTime()).compose(v -> listen());
    }

    private Future<HttpServer> listen() {
        int port = number == 0 ? settings().port() : parts.port();
        return server.listen(port, settings().host()).onSuccess(listening -> parts.port(listening.actualPort()));
    }

    /** Waits for Redis up to a second, so that the first calls are not decided locally when it is there. */
    private Future<Void> redisFound(long sinceNanos) {
        if (!admission.isAway() || System.nanoTime() - sinceNanos > REDIS_WAIT_NANOS) {
            return Future.succeededFuture();
        }
        return vertx.timer(10, TimeUnit.MILLISECONDS).compose(v -> redisFound(sinceNanos));
    }

    private void accept(HttpConnection connection) {
        clients.accept(connection, System.nanoTime());
        Channels.silenceIsNoEnd(connection);
        InputEnd.watch(connection, () -> run(() -> sendsNoMore(connection)));
    }

    /** The client has shut its side of the connection, after a whole request or after none. */
    private void sendsNoMore(HttpConnection connection) {
        ClientConnections.Client client = clients.of(connection, System.nanoTime());
        client.sendsNoMore();
        Exchange exchange = client.current();
        if (exchange == null) {
            var unused = connection.close();
        } else {
            exchange.guarded(exchange::clientSendsNoMore);
        }
    }

    private void serve(HttpServerRequest request) {
        try {
            take(request);
        } catch (RuntimeException | Error e) {
            LOG.error("a request could not be taken up", e);
            var unused = request.connection().close();
        }
    }

    private void take(HttpServerRequest request) {
        long now = System.nanoTime();
        if (clients.of(request.connection(), now).isClosing()) {
            // it came behind a request after which the connection is closed
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            Object owner = clients.of(request.connection(), now).owner();
            if (!streams.mayBegin(owner)) {
                request.pause();
                streams.await(owner, () -> !request.response().closed(), () -> takeUp(request, now));
                return;
            }
        }
        new Exchange(this, request, now).start();
    }

    /** The decoder has stopped in the middle of a request's body: what follows on the connection is nobody's request. */
    private void bodyIsMalformed(HttpConnection connection, String fault) {
        Exchange exchange = clients.of(connection, System.nanoTime()).current();
        run(() -> {
            if (exchange == null) {
                var unused = connection.close();
            } else {
                exchange.guarded(() -> exchange.bodyIsMalformed(fault));
            }
        });
    }

    /** A stream that has waited for its turn. */
    private void takeUp(HttpServerRequest request, long arrivedNanos) {
        new Exchange(this, request, arrivedNanos).start();
    }

    /** By the loop's timer even when at once: what it is merely handed it runs before it reads again. */
    private void streamsGoOn(long nanos, Runnable action) {
        var unused = loop.nettyEventLoop().schedule(() -> run(action), nanos, TimeUnit.NANOSECONDS);
    }

    private void sweep(long nowNanos) {
        connections.sweep(nowNanos);
        clients.sweep(nowNanos);
        parts.addressPaces().sweep(nowNanos);
    }

    private void ship() {
        Instant now = parts.clock().instant();
        usage.tick(now);
        refused.tick(now);
        log.flush();
    }

    /** Shows new connections another certificate. */
    public Future<Boolean> certificate(ServerSSLOptions chosen) {
        return server.updateSSLOptions(chosen);
    }

    /** Stops taking calls and waits for those in flight; what is left after the drain time is named and closed. */
    public Future<Void> drain() {
        draining = true;
        Duration time = settings().drain();
        long timer = vertx.setTimer(Math.max(1, time.toMillis() - 100), id -> nameTheRest());
        return server.shutdown(time.toMillis(), TimeUnit.MILLISECONDS).onComplete(v -> vertx.cancelTimer(timer));
    }

    private void nameTheRest() {
        List<String> rest = inFlight.requestIds();
        if (!rest.isEmpty()) {
            LOG.warn("{} calls are cut, as they took longer than the drain time: {}", rest.size(), rest);
        }
    }

    @Override
    public Future<?> stop() {
        reporter.close();
        // what the recorder has just sent still has to leave with this pass of the loop
        return vertx.timer(50, TimeUnit.MILLISECONDS).onComplete(v -> redis.close());
    }

    /** Runs an action as Vert.x's code on this loop runs: with its context. */
    void run(Runnable action) {
        if (loop.inThread()) {
            ContextInternal before = loop.beginDispatch();
            try {
                action.run();
            } finally {
                loop.endDispatch(before);
            }
        } else {
            loop.runOnContext(v -> action.run());
        }
    }

    private void runLater(Runnable action) {
        loop.runOnContext(v -> action.run());
    }

    /** Runs actions later on this loop, whoever hands them over. */
    Executor later() {
        return later;
    }

    void after(long nanos, Runnable action) {
        vertx.setTimer(Math.max(1, nanos / 1_000_000), id -> action.run());
    }

    void afterThisPass(Runnable action) {
        loop.nettyEventLoop().execute(action);
    }

    void warnOfPool(String pool, Target target, Object cause) {
        long now = System.nanoTime();
        if (now - warnedNanos > 1_000_000_000L) {
            warnedNanos = now;
            LOG.warn("pool {} fails at {}: {}", pool, target, KeyMask.of(cause.toString()));
        }
    }

    void warnOfCost(String pool, String stated) {
        String shown = stated.length() > MOST_SHOWN ? stated.substring(0, MOST_SHOWN) + "…" : stated;
        LOG.warn("pool {} states a cost that is no number of units: {}", pool, KeyMask.of(shown));
    }

    long nowMillis() {
        return parts.clock().millis();
    }

    GatewaySettings settings() {
        return parts.settings();
    }

    CallSpans spans() {
        return spans;
    }

    RequestIds ids() {
        return ids;
    }

    InFlight inFlight() {
        return inFlight;
    }

    StreamTurns streams() {
        return streams;
    }

    AddressPaces addressPaces() {
        return parts.addressPaces();
    }

    CallerSeals seals() {
        return seals;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    ClientAddress addresses() {
        return addresses;
    }

    KeySearch keySearch() {
        return parts.keySearch();
    }

    DirectoryClient directory() {
        return parts.directory();
    }

    RouteTable routes() {
        return parts.routes();
    }

    LoopAdmission admission() {
        return admission;
    }

    ClientConnections clients() {
        return clients;
    }

    Connections connections() {
        return connections;
    }

    Reporter reporter() {
        return reporter;
    }

    GatewayMetrics metrics() {
        return parts.metrics();
    }

    boolean isDraining() {
        return draining;
    }
}
