package dev.gatehouse.bench.services;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.bench.sandbox.GatehouseCommand;
import dev.gatehouse.engines.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One {@code gatehouse up} on a database of the bench's own, its demo tenant without limits that anyone reaches. */
final class Installation implements AutoCloseable {
    private static final String PORT = "18580";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Process process;
    private final JsonNode status;

    private Installation(Process process, JsonNode status) {
        this.process = process;
        this.status = status;
    }

    static Installation up(Path root, Path folder, EmbeddedPostgres postgres) throws IOException, InterruptedException {
        GatehouseCommand gatehouse = new GatehouseCommand(root, folder.resolve("data"));
        Process process = gatehouse.up(
                folder.resolve("up.log"),
                Map.of(
                        "GATEHOUSE_DATABASE_URL", postgres.url(),
                        "GATEHOUSE_SIMULATOR", "off",
                        "GATEHOUSE_TOWN", "off"),
                PATIENCE,
                "--port",
                PORT);
        try {
            JsonNode status = gatehouse.status();
            // its plan bounds how many calls may be under way at once, which 500 a second of a small plan would meet
            String unused = gatehouse.answer("tenant", "set-plan", "demo", "enterprise");
            gatehouse.liftLimits();
            return new Installation(process, status);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    String gateway() {
        return status.at("/gateway/url").asText();
    }

    String key() {
        return status.at("/demo/key").asText();
    }

    @Override
    public void close() {
        GatehouseCommand.stop(process);
    }
}
