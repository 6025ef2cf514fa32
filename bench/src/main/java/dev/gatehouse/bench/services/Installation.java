package dev.gatehouse.bench.services;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One {@code gatehouse up} on a database of the bench's own, its demo tenant without limits that anyone reaches. */
final class Installation implements AutoCloseable {
    private static final String PORT = "18580";
    private static final int PATIENCE_SECONDS = 600;

    private final Path root;
    private final Path folder;
    private final Process process;
    private final JsonNode status;

    private Installation(Path root, Path folder, Process process, JsonNode status) {
        this.root = root;
        this.folder = folder;
        this.process = process;
        this.status = status;
    }

    static Installation up(Path root, Path folder, EmbeddedPostgres postgres) throws IOException, InterruptedException {
        Path log = folder.resolve("up.log");
        String data = folder.resolve("data").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        root.resolve("gatehouse").toString(), "up", "--data", data, "--port", PORT)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("GATEHOUSE_DATABASE_URL", postgres.url());
        builder.environment().put("GATEHOUSE_SIMULATOR", "off");
        builder.environment().put("GATEHOUSE_TOWN", "off");
        Process process = builder.start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!Files.readString(log).contains("Ctrl-C stops it.")) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IOException("gatehouse does not come up:\n" + Files.readString(log));
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
            JsonNode status = Json.tree(command(root, "status", "--data", data, "--json"));
            Installation installation = new Installation(root, folder, process, status);
            installation.liftLimits();
            return installation;
        } catch (IOException | InterruptedException e) {
            process.destroy();
            throw e;
        }
    }

    private void liftLimits() throws IOException, InterruptedException {
        String unused = command(
                root,
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
                folder.resolve("data").toString());
        TimeUnit.SECONDS.sleep(2);
    }

    String gateway() {
        return status.at("/gateway/url").asText();
    }

    String key() {
        return status.at("/demo/key").asText();
    }

    private static String command(Path root, String... arguments) throws IOException, InterruptedException {
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
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
