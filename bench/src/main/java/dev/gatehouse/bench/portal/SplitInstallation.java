package dev.gatehouse.bench.portal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.bench.sandbox.GatehouseCommand;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.FreePort;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A whole Gatehouse whose gateway is a process of its own, so that pages and calls share engines and cores but no JVM. */
final class SplitInstallation implements AutoCloseable {
    private static final int PORT = 18_200;
    private static final int GATEWAY_PORT = 18_300;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
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
            GatehouseCommand rest = command("rest");
            JsonNode status = rest.status();
            demoKey = status.at("/demo/key").asText();
            rest.liftLimits();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void up(String name, int port, Map<String, String> environment, String roles)
            throws IOException, InterruptedException {
        processes.add(command(name)
                .up(
                        folder.resolve(name + ".log"),
                        environment,
                        PATIENCE,
                        "--port",
                        Integer.toString(port),
                        "--roles",
                        roles));
    }

    private GatehouseCommand command(String name) {
        return new GatehouseCommand(root, folder.resolve(name));
    }

    @Override
    public void close() throws Exception {
        for (Process process : processes.reversed()) {
            GatehouseCommand.stop(process);
        }
        for (AutoCloseable engine : engines.reversed()) {
            engine.close();
        }
    }
}
