package dev.gatehouse.bench.fuzz;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A directory that never changes: a route to one service, and tenants that may have two calls at once and one that waits, so
 * that a place which is not given back is noticed by the third call.
 */
final class FuzzDirectory implements AutoCloseable {
    static final int RESPONSE_MILLIS = 2_000;

    private static final Limits LIMITS = new Limits(Limits.MAX, Limits.MAX, Limits.MAX);

    private final HttpServer server;
    private final List<String> keys = new ArrayList<>();
    private final byte[] snapshot;

    FuzzDirectory(int tenants, String service) throws IOException {
        List<TenantEntry> tenantEntries = new ArrayList<>();
        List<KeyEntry> keyEntries = new ArrayList<>();
        InstantSource clock = InstantSource.system();
        for (int i = 0; i < tenants; i++) {
            TenantId tenant = TenantId.next(clock);
            String slug = "fuzz-" + i;
            tenantEntries.add(new TenantEntry(
                    tenant,
                    slug,
                    slug,
                    TenantStatus.ACTIVE,
                    "fuzz",
                    LIMITS,
                    null,
                    1,
                    2,
                    1,
                    Map.of(),
                    Set.of("*"),
                    false,
                    1));
            String key = ApiKey.generate(KeyMode.LIVE);
            keys.add(key);
            keyEntries.add(new KeyEntry(
                    KeyId.next(clock),
                    tenant,
                    ApiKey.hashHex(key),
                    ApiKey.displayPrefix(key),
                    KeyMode.LIVE,
                    Set.of("*"),
                    null,
                    null,
                    List.of(),
                    null,
                    1));
        }
        RouteEntry route = new RouteEntry(
                "fuzz",
                "fuzz",
                List.of("/v2/fuzz"),
                List.of(),
                List.of(new PoolEntry("default", List.of(service), null, 1_000)),
                null,
                1,
                false,
                500,
                RESPONSE_MILLIS,
                1);
        snapshot = Json.bytes(new DirectorySnapshot(0, 1, tenantEntries, keyEntries, List.of(route), List.of()));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext(DirectoryPaths.CHANGES, this::changes);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> keys() {
        return keys;
    }

    private void changes(HttpExchange exchange) throws IOException {
        try (exchange) {
            if ("after=0".equals(exchange.getRequestURI().getQuery())) {
                exchange.sendResponseHeaders(200, snapshot.length);
                exchange.getResponseBody().write(snapshot);
            } else {
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
