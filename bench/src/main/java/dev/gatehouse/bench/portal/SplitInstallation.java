package dev.gatehouse.bench.portal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.FreePort;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A whole Gatehouse whose gateway is a process of its own, so that pages and calls share engines and cores but no JVM. */
final class SplitInstallation implements AutoCloseable {
    private static final int PORT = 18_200;
    private static final int GATEWAY_PORT = 18_300;
    private static final String REST = "directory,events,metering,listings,webhooks,portal,mail";

    final String portal = "http://127.0.0.1:" + (PORT + 1);
    final String mailbox = "http://127.0.0.1:" + (PORT + 2);
    final String gateway = "http://127.0.0.1:" + GATEWAY_PORT;
    final String demoKey;
    final DatabaseUrl database;
    private final Path root;
    private final Path folder;
    private final List<AutoCloseable> engines = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    SplitInstallation(Path root) throws Exception {
        this.root = root;
        this.folder = Files.createTempDirectory("gatehouse-bench-portal-");
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.THROWN_AWAY);
            engines.add(postgres);
            database = DatabaseUrl.parse(postgres.url());
            EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), Durability.THROWN_AWAY);
            engines.add(redis);
            EmbeddedQueue queue = EmbeddedQueue.start();
            engines.add(queue);
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            int directory = FreePort.find();
            int events = FreePort.find();
            Map<String, String> shared = new HashMap<>();
            shared.put("GATEHOUSE_SECRET", Base64.getEncoder().encodeToString(secret));
            shared.put("GATEHOUSE_DATABASE_URL", postgres.url());
            shared.put("GATEHOUSE_REDIS_URL", redis.url());
            shared.put("GATEHOUSE_QUEUE_URL", queue.url());
            shared.put("GATEHOUSE_GATEWAY_URL", gateway);
            Map<String, String> first = new HashMap<>(shared);
            first.put("GATEHOUSE_DIRECTORY_PORT", Integer.toString(directory));
            first.put("GATEHOUSE_EVENTS_PORT", Integer.toString(events));
            up("rest", PORT, first, REST);
            Map<String, String> second = new HashMap<>(shared);
            second.put("GATEHOUSE_DIRECTORY_URL", "http://127.0.0.1:" + directory);
            second.put("GATEHOUSE_EVENTS_URL", "http://127.0.0.1:" + events);
            up("gateway", GATEWAY_PORT, second, "gateway");
            String data = folder.resolve("rest").toString();
            JsonNode status = Json.tree(command("status", "--data", data, "--json"));
            demoKey = status.at("/demo/key").asText();
            command(
                    "tenant",
                    "set-limit",
                    "demo",
                    "--daily",
                    "100000000",
                    "--refill",
                    "100000000",
                    "--burst",
                    "100000000",
                    "--until",
                    LocalDate.now(ZoneOffset.UTC).plusDays(7).toString(),
                    "--data",
                    data);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void up(String name, int port, Map<String, String> environment, String roles) throws Exception {
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        root.resolve("gatehouse").toString(),
                        "up",
                        "--data",
                        folder.resolve(name).toString(),
                        "--port",
                        Integer.toString(port),
                        "--roles",
                        roles)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
        while (!Files.readString(log).contains("Ctrl-C stops it.")) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("gatehouse does not come up:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private String command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(root.resolve("gatehouse").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed:\n" + out);
        }
        return out;
    }

    @Override
    public void close() throws Exception {
        for (Process process : processes.reversed()) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        for (AutoCloseable engine : engines.reversed()) {
            engine.close();
        }
    }
}
