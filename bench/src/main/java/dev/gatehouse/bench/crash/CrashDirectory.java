package dev.gatehouse.bench.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.OperationEntry;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A directory with two tenants: one whose limits nobody reaches, and one that is refused most of the time. */
final class CrashDirectory implements AutoCloseable {
    /** A tenant with its key's text. */
    record Customer(TenantId tenant, String key) {}

    private static final Limits WIDE = new Limits(Limits.MAX, Limits.MAX, Limits.MAX);
    private static final Limits NARROW = new Limits(1_000_000, 60, 10);

    final Customer wide;
    final Customer narrow;
    private final HttpServer server;
    private final byte[] snapshot;

    CrashDirectory(String upstream) throws IOException {
        InstantSource clock = InstantSource.system();
        wide = new Customer(TenantId.next(clock), ApiKey.generate(KeyMode.LIVE));
        narrow = new Customer(TenantId.next(clock), ApiKey.generate(KeyMode.LIVE));
        RouteEntry route = new RouteEntry(
                "homes",
                "homes",
                List.of("/v2/homes"),
                List.of(new OperationEntry("searchHomes", "GET", "/v2/homes", "v2", 1, null, List.of(), false)),
                List.of(new PoolEntry("default", List.of(upstream), null, 0)),
                null,
                1,
                false,
                1_000,
                30_000,
                1);
        snapshot = Json.bytes(new DirectorySnapshot(
                0,
                1,
                List.of(tenant(wide, "wide", WIDE), tenant(narrow, "narrow", NARROW)),
                List.of(key(wide), key(narrow)),
                List.of(route),
                List.of()));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext(DirectoryPaths.CHANGES, this::changes);
        server.start();
    }

    private static TenantEntry tenant(Customer customer, String slug, Limits limits) {
        return new TenantEntry(
                customer.tenant(),
                slug,
                slug,
                TenantStatus.ACTIVE,
                "growth",
                limits,
                null,
                1,
                1_000,
                1_000,
                Map.of(),
                Set.of("*"),
                false,
                1);
    }

    private static KeyEntry key(Customer customer) {
        return new KeyEntry(
                KeyId.next(InstantSource.system()),
                customer.tenant(),
                ApiKey.hashHex(customer.key()),
                ApiKey.displayPrefix(customer.key()),
                KeyMode.LIVE,
                Set.of("*"),
                null,
                null,
                List.of(),
                null,
                1);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
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
