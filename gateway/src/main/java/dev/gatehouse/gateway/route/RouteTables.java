package dev.gatehouse.gateway.route;

import dev.gatehouse.gateway.forward.HealthChecks;
import dev.gatehouse.gateway.forward.Pool;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles routes whenever the directory has changed. A pool that stays as it was declared is kept with all that is known
 * of its targets. A route that cannot be compiled is left out and named, the others go on.
 */
public final class RouteTables {
    private static final Logger LOG = LoggerFactory.getLogger(RouteTables.class);

    private static final long WINDOW_MILLIS = 100;

    private final Vertx vertx;
    private final HealthChecks checks;
    private final long windows;
    private volatile Map<String, Pool> known = Map.of();
    private List<RouteEntry> compiled = List.of();
    private RouteTable table = RouteTable.empty();

    public RouteTables(Vertx vertx) {
        this.vertx = vertx;
        checks = new HealthChecks(vertx);
        windows = vertx.setPeriodic(
                WINDOW_MILLIS,
                id -> known.values().forEach(pool -> pool.turnstile().endWindow()));
    }

    /** The table of these routes; the same object when none has changed. */
    public synchronized RouteTable compile(List<RouteEntry> entries) {
        if (entries.equals(compiled)) {
            return table;
        }
        Map<String, Pool> pools = new HashMap<>();
        List<Route> routes = new ArrayList<>();
        for (RouteEntry entry : entries) {
            try {
                Route route = route(entry, pools);
                // one that cannot be compiled alone would take all the others with it
                RouteTable unused = new RouteTable(List.of(route));
                routes.add(route);
            } catch (RuntimeException e) {
                LOG.error("the route {} is left out: {}", entry.name(), e.getMessage());
            }
        }
        table = new RouteTable(routes);
        compiled = List.copyOf(entries);
        known = Map.copyOf(pools);
        checks.watch(List.copyOf(pools.values()));
        return table;
    }

    private Route route(RouteEntry entry, Map<String, Pool> pools) {
        Map<String, Pool> own = new LinkedHashMap<>();
        for (PoolEntry declared : entry.pools()) {
            String name = entry.name() + "/" + declared.name();
            Pool before = known.get(name);
            Pool pool =
                    before != null && before.entry().equals(declared) ? before : new Pool(entry.service(), declared);
            pools.put(name, pool);
            own.put(declared.name(), pool);
        }
        if (own.isEmpty()) {
            throw new IllegalArgumentException("it has no pool");
        }
        return new Route(entry, own, own.values().iterator().next());
    }

    /** The pools of all routes, by {@code route/pool}. */
    public Map<String, Pool> pools() {
        return known;
    }

    public void close() {
        vertx.cancelTimer(windows);
        checks.close();
    }
}
