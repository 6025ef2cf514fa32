package dev.gatehouse.bench.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.PortRange;
import dev.gatehouse.engines.Weather;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A whole installation in a temporary folder: {@code gatehouse up} as a process of its own, on engines of ours that it reaches
 * through a {@link Weather} each. Gone when it is closed.
 */
public final class SandboxInstallation implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);

    /** Unless the property {@code gatehouse.sandbox.java} names others, parted by semicolons: to compare collectors for instance. */
    private static final String JAVA_OPTIONS = "-XX:+UseSerialGC;-Xmx768m";

    private final Path folder;
    private final int port;
    private final EmbeddedPostgres postgres;
    private final Weather toPostgres;
    private final Weather toRedis;
    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedRedis redis;
    private Process process;

    private SandboxInstallation(
            Path folder,
            int port,
            EmbeddedPostgres postgres,
            EmbeddedRedis redis,
            Weather toPostgres,
            Weather toRedis,
            Process process) {
        this.folder = folder;
        this.port = port;
        this.postgres = postgres;
        this.redis = redis;
        this.toPostgres = toPostgres;
        this.toRedis = toRedis;
        this.process = process;
    }

    /**
     * Starts one and waits until it is up.
     *
     * @param given may say {@code --port N}, the base of the installation's ports; without it free ones are found
     */
    public static SandboxInstallation start(Options given) throws IOException {
        return start(given.number("port", 0));
    }

    /** Starts one on free ports. */
    public static SandboxInstallation start() throws IOException {
        return start(0);
    }

    private static SandboxInstallation start(int given) throws IOException {
        int port = given == 0 ? PortRange.find() : given;
        Path folder = Files.createTempDirectory("gatehouse-sandbox-");
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("pg"), Durability.THROWN_AWAY);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("re"), Durability.THROWN_AWAY);
        Weather toPostgres = new Weather(postgres.port());
        Weather toRedis = new Weather(redis.port());
        SandboxInstallation sandbox = new SandboxInstallation(
                folder,
                port,
                postgres,
                redis,
                toPostgres,
                toRedis,
                launch(folder, port, postgres, redis, toPostgres, toRedis));
        Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "stop-sandbox"));
        sandbox.awaitUp();
        return sandbox;
    }

    private static Process launch(
            Path folder, int port, EmbeddedPostgres postgres, EmbeddedRedis redis, Weather toPostgres, Weather toRedis)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(
                System.getProperty("gatehouse.sandbox.java", JAVA_OPTIONS).split(";")));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gatehouse.app.Main",
                "up",
                "--data",
                folder.resolve("data").toString(),
                "--port",
                Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("up.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "GATEHOUSE_DATABASE_URL",
                        postgres.url().replace(":" + postgres.port() + "/", ":" + toPostgres.port() + "/"),
                        "GATEHOUSE_REDIS_URL",
                        redis.url().replace(":" + redis.port(), ":" + toRedis.port()),
                        "GATEHOUSE_GATEWAY_CLEAR_HTTP2",
                        System.getProperty("gatehouse.sandbox.clear-http2", "true"),
                        // what belongs to the hostile tenant comes from an address of the loopback interface as well
                        "GATEHOUSE_GATEWAY_MAX_CONNECTIONS_PER_ADDRESS",
                        "3000"));
        return builder.start();
    }

    private void awaitUp() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!log().contains("Gatehouse is up")) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("the sandbox does not come up:\n" + log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private String log() throws IOException {
        Path file = folder.resolve("up.log");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    public int port() {
        return port;
    }

    /** The installation's process. */
    public long pid() {
        return process.pid();
    }

    public Path folder() {
        return folder;
    }

    public Weather toPostgres() {
        return toPostgres;
    }

    public Weather toRedis() {
        return toRedis;
    }

    public EmbeddedRedis redis() {
        return redis;
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /** Kills the installation's process at once and starts it anew on the same data. */
    public void restart() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(folder.resolve("up.log"));
        process = launch(folder, port, postgres, redis, toPostgres, toRedis);
        awaitUp();
    }

    /** What a tenant may use. */
    public record Allowance(String plan, long daily, long refillPerMinute, long burst) {}

    /** A new tenant with a key. */
    public String tenant(String name, Allowance allowance) throws IOException {
        String slug = admin("POST", "/tenants", Map.of("name", name, "plan", allowance.plan))
                .path("slug")
                .asText();
        admin(
                "PUT",
                "/tenants/" + slug + "/limits",
                Map.of(
                        "daily",
                        allowance.daily,
                        "refillPerMinute",
                        allowance.refillPerMinute,
                        "burst",
                        allowance.burst));
        return admin("POST", "/tenants/" + slug + "/keys", Map.of("name", "bench"))
                .path("key")
                .asText();
    }

    /** An operation of the admin API. */
    public JsonNode admin(String method, String path, Map<String, ?> body) throws IOException {
        String token = Files.readString(folder.resolve("data/admin-token"), StandardCharsets.UTF_8)
                .strip();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (port + 4) + "/admin/v1" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", PrefixedId.next("idem", InstantSource.system()))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IOException(method + " " + path + " answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body().isBlank() ? Json.MAPPER.createObjectNode() : Json.tree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            toPostgres.close();
            toRedis.close();
            redis.close();
            postgres.close();
            http.close();
            if (Files.exists(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    all.sorted(Comparator.reverseOrder())
                            .forEach(path -> path.toFile().delete());
                }
            }
        } catch (IOException e) {
            System.err.println("the sandbox leaves " + folder + " behind: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
