package dev.gatehouse.bench.sandbox;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.bench.sandbox.SandboxInstallation.Allowance;
import dev.gatehouse.engines.Weather;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service of ours behind a sandbox's gateway, with a route of its own, that it reaches through a {@link Weather}. */
public final class OwnService implements AutoCloseable {
    /** What it answers. */
    public static final String PATH = "/drilled/thing";

    private static final String ROUTE = "/routes/drilled";

    private final SandboxInstallation sandbox;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Weather weather;
    private final String key;

    private OwnService(
            SandboxInstallation sandbox, HttpServer server, ExecutorService threads, Weather weather, String key) {
        this.sandbox = sandbox;
        this.server = server;
        this.threads = threads;
        this.weather = weather;
        this.key = key;
    }

    /** Starts it and declares its route, which gives up on an answer after half a second. */
    public static OwnService behind(SandboxInstallation sandbox) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            try (var out = exchange.getResponseBody()) {
                out.write(new byte[] {'o', 'k'});
            }
        });
        server.start();
        Weather weather = new Weather(server.getAddress().getPort());
        sandbox.admin(
                "PUT",
                ROUTE,
                Map.of(
                        "prefixes",
                        List.of("/drilled"),
                        "pools",
                        List.of(Map.of("name", "default", "targets", List.of("http://127.0.0.1:" + weather.port()))),
                        "responseTimeoutMillis",
                        500));
        String key = sandbox.tenant("Of the service", new Allowance("growth", 90_000_000, 6_000_000, 6_000_000));
        OwnService service = new OwnService(sandbox, server, threads, weather, key);
        service.awaitServed();
        return service;
    }

    private void awaitServed() throws IOException {
        try (Caller caller = new Caller(sandbox.port())) {
            for (int i = 0; i < 200; i++) {
                if (caller.get(PATH, key).status() == 200) {
                    return;
                }
            }
        }
        throw new IOException("the route " + PATH + " is not served");
    }

    public Weather weather() {
        return weather;
    }

    /** Of a tenant with plenty. */
    public String key() {
        return key;
    }

    @Override
    public void close() throws IOException {
        sandbox.admin("DELETE", ROUTE, Map.of());
        server.stop(0);
        threads.close();
        weather.close();
    }
}
