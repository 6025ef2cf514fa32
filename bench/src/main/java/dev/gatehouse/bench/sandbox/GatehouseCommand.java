package dev.gatehouse.bench.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code gatehouse} of a checkout over one data directory, as an operator calls it. */
public final class GatehouseCommand {
    private static final String IS_UP = "Ctrl-C stops it.";
    private static final String BEYOND_REACH = "100000000";

    private final Path root;
    private final Path data;

    /** @param root of the checkout */
    public GatehouseCommand(Path root, Path data) {
        this.root = root;
        this.data = data;
    }

    /**
     * Starts {@code gatehouse up} and waits for its panel.
     *
     * @param log takes what it prints
     * @throws IOException with what it printed, when it does not come up; it is stopped then
     */
    public Process up(Path log, Map<String, String> environment, Duration patience, String... options)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(line("up", options))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        long end = System.nanoTime() + patience.toNanos();
        while (!Files.readString(log).contains(IS_UP)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroy();
                throw new IOException("gatehouse does not come up:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return process;
    }

    /** Stops what {@link #up} started, by force when it takes longer than a minute. */
    public static void stop(Process up) {
        up.destroy();
        try {
            if (!up.waitFor(60, TimeUnit.SECONDS)) {
                up.destroyForcibly();
            }
        } catch (InterruptedException e) {
            up.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What a command answers.
     *
     * @throws IOException when it does not end with 0
     */
    public String answer(String command, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line(command, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("gatehouse " + command + " " + String.join(" ", arguments) + " failed:\n" + out);
        }
        return out;
    }

    public JsonNode status() throws IOException, InterruptedException {
        return Json.tree(answer("status", "--json"));
    }

    /** Puts the demo tenant's limits beyond what a bench reaches, and gives every gateway the time to hear of it. */
    public void liftLimits() throws IOException, InterruptedException {
        String until = LocalDate.now(ZoneOffset.UTC).plusDays(7).toString();
        String unused = answer(
                "tenant",
                "set-limit",
                "demo",
                "--daily",
                BEYOND_REACH,
                "--refill",
                BEYOND_REACH,
                "--burst",
                BEYOND_REACH,
                "--until",
                until);
        TimeUnit.SECONDS.sleep(2);
    }

    /** The command line; a process of another environment can be made of it. */
    public List<String> line(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of(root.resolve("gatehouse").toString(), command));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--data", data.toString()));
        return line;
    }
}
