package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.admit.LocalDecisions;
import dev.gatehouse.gateway.authenticate.KeySearch;
import dev.gatehouse.gateway.forward.ConnectionTally;
import dev.gatehouse.gateway.redis.RedisResources;
import dev.gatehouse.gateway.report.AccessLog;
import dev.gatehouse.gateway.report.GatewayMetrics;
import dev.gatehouse.gateway.report.UsageRecorders;
import dev.gatehouse.gateway.route.RouteTable;
import dev.gatehouse.gateway.snapshot.DirectoryClient;
import java.time.InstantSource;

/** What the event loops of one gateway share; all of it is safe for threads. */
public final class LoopParts {
    private final GatewaySettings settings;
    private final InstantSource clock;
    private final DirectoryClient directory;
    private final LocalDecisions local;
    private final RedisResources redis = new RedisResources();
    private final KeySearch keySearch;
    private final AddressPaces addressPaces = new AddressPaces(System.nanoTime());
    private final ConnectionCounts connectionCounts;
    private final ConnectionTally upstreams = new ConnectionTally();
    private final UsageRecorders recorders;
    private final AccessLog accessLog;
    private final GatewayMetrics metrics;
    private volatile RouteTable routes = RouteTable.empty();
    private volatile int port;

    public LoopParts(
            GatewaySettings settings,
            InstantSource clock,
            DirectoryClient directory,
            LocalDecisions local,
            UsageRecorders recorders,
            GatewayMetrics metrics) {
        this.settings = settings;
        this.clock = clock;
        this.directory = directory;
        keySearch = new KeySearch(directory);
        this.local = local;
        this.recorders = recorders;
        this.metrics = metrics;
        connectionCounts = new ConnectionCounts(settings.edge());
        accessLog = new AccessLog(settings.folder().resolve("access.log"));
    }

    public GatewaySettings settings() {
        return settings;
    }

    public InstantSource clock() {
        return clock;
    }

    public DirectoryClient directory() {
        return directory;
    }

    public LocalDecisions local() {
        return local;
    }

    public RedisResources redis() {
        return redis;
    }

    KeySearch keySearch() {
        return keySearch;
    }

    AddressPaces addressPaces() {
        return addressPaces;
    }

    /** Connections to services. */
    public ConnectionTally upstreams() {
        return upstreams;
    }

    ConnectionCounts connectionCounts() {
        return connectionCounts;
    }

    /** Connections of clients that are open. */
    public int connections() {
        return connectionCounts.all();
    }

    /** Connections of clients that were closed at once, for one of the caps. */
    public long connectionsRefused() {
        return connectionCounts.refused();
    }

    UsageRecorders recorders() {
        return recorders;
    }

    public AccessLog accessLog() {
        return accessLog;
    }

    public GatewayMetrics metrics() {
        return metrics;
    }

    RouteTable routes() {
        return routes;
    }

    /** From the next call on. */
    public void routes(RouteTable table) {
        routes = table;
    }

    /** Where the first loop listens, and so all; 0 before. */
    public int port() {
        return port;
    }

    void port(int listening) {
        port = listening;
    }
}
