package dev.gatehouse.gateway.stub;

import static java.util.Objects.requireNonNull;

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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

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
    private final Map<GatewayModule, SimpleMeterRegistry> meters = new HashMap<>();

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
        return open(name, prefix, target, 0);
    }

    /** @param maxConcurrent of its pool; 0 lets it adapt */
    public static RouteEntry open(String name, String prefix, String target, int maxConcurrent) {
        return new RouteEntry(
                name,
                name,
                List.of(prefix),
                List.of(),
                List.of(new PoolEntry("default", List.of(target), null, maxConcurrent)),
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
        return gateway(settings(node, edge, 1, null));
    }

    /** A gateway that speaks HTTP/2 in the clear. */
    public GatewayModule clearHttp2(String node) {
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        return gateway(
                node,
                new GatewaySettings.Edge(
                        List.of(),
                        standard.addressHeader(),
                        standard.proxyProtocol(),
                        GatewaySettings.ClearText.HTTP_1_AND_2,
                        standard.maxHeadBytes(),
                        standard.maxTargetBytes(),
                        standard.maxBodyBytes(),
                        standard.idle(),
                        standard.caps()));
    }

    public GatewayModule gateway(GatewaySettings settings) {
        return gateway(settings, InstantSource.system());
    }

    public GatewayModule gateway(GatewaySettings settings, InstantSource clock) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        GatewayModule gateway = GatewayModule.start(settings, registry, clock);
        meters.put(gateway, registry);
        gateways.add(gateway);
        return gateway;
    }

    public GatewaySettings settings(
            String node, GatewaySettings.Edge edge, int loops, GatewaySettings.@Nullable Tls tls) {
        return new GatewaySettings(
                node,
                "127.0.0.1",
                // several event loops share a port only when it is named
                loops == 1 ? 0 : freePort(),
                loops,
                redis,
                directory.url(),
                secrets,
                folder.resolve(node),
                edge,
                tls,
                Duration.ofSeconds(3));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder(String node) {
        return folder.resolve(node);
    }

    /** Waits until the gateway serves from what the directory says now, unless the directory is silent. */
    public void synced(GatewayModule gateway) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> directory.isSilent() || gateway.directoryVersion() >= directory.version());
    }

    /** What a gauge of the gateway says now. */
    public double meter(GatewayModule gateway, String name) {
        return requireNonNull(meters.get(gateway)).get(name).gauge().value();
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
