package dev.gatehouse.gateway.stub;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.kernel.directory.OperationEntry;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.identity.InternalSecrets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Gateways with a stub directory and a stub service, on a real Redis. */
public final class Sandbox implements AutoCloseable {
    public final InternalSecrets secrets = new InternalSecrets(new byte[32]);
    public final Vertx vertx = Vertx.vertx();
    public final StubDirectory directory = new StubDirectory(vertx, secrets);
    public final StubService service = new StubService(vertx);
    public final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String redis;
    private final Path folder;
    private final List<GatewayModule> gateways = new ArrayList<>();

    public Sandbox() {
        this(EnginesForTests.redis());
    }

    public Sandbox(String redis) {
        this.redis = redis;
        try {
            folder = Files.createTempDirectory("gatehouse-gateway-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        directory.route(open("things", "/v2/things", service.url()));
    }

    public static RouteEntry open(String name, String prefix, String target) {
        return new RouteEntry(
                name,
                name,
                List.of(prefix),
                List.of(),
                List.of(new PoolEntry("default", List.of(target), null, 0)),
                name,
                1,
                false,
                2_000,
                10_000,
                0);
    }

    public static OperationEntry operation(String id, String method, String path, int cost) {
        return new OperationEntry(id, method, path, "v2", cost, null, List.of(), false);
    }

    public GatewayModule gateway(String node) {
        return gateway(node, GatewaySettings.Edge.standard());
    }

    public GatewayModule gateway(String node, GatewaySettings.Edge edge) {
        GatewayModule gateway =
                GatewayModule.start(settings(node, edge), new SimpleMeterRegistry(), InstantSource.system());
        gateways.add(gateway);
        return gateway;
    }

    public GatewaySettings settings(String node, GatewaySettings.Edge edge) {
        return new GatewaySettings(
                node,
                "127.0.0.1",
                0,
                1,
                redis,
                directory.url(),
                secrets,
                folder.resolve(node),
                edge,
                null,
                Duration.ofSeconds(3));
    }

    public Path folder(String node) {
        return folder.resolve(node);
    }

    /** Waits until the gateway serves from what the directory says now, unless the directory is silent. */
    public void synced(GatewayModule gateway) {
        Awaitility.await().until(() -> directory.isSilent() || gateway.directoryVersion() >= directory.version());
    }

    public HttpResponse<String> get(GatewayModule gateway, String key, String path) {
        synced(gateway);
        return send(HttpRequest.newBuilder(uri(gateway, path)).header("X-API-Key", key));
    }

    public URI uri(GatewayModule gateway, String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        gateways.forEach(GatewayModule::close);
        directory.close();
        service.close();
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
