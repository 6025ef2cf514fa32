package dev.gatehouse.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code gatehouse} of this working copy. */
public final class Launcher {
    private static final int PATIENCE_SECONDS = 120;

    /** How a command ended and what it said. */
    public record Result(int exit, String out, String err) {
        /** What {@code --json} printed: one object and nothing else. */
        public JsonNode json() {
            return Json.tree(out);
        }
    }

    private Launcher() {}

    /** Runs a command to its end. */
    public static Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("gatehouse-out", ".txt");
        Path err = Files.createTempFile("gatehouse-err", ".txt");
        try {
            Process process = builder(Map.of(), List.of(arguments))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("gatehouse " + String.join(" ", arguments) + " does not end");
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    static ProcessBuilder builder(Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(root().resolve("gatehouse").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("GATEHOUSE_"));
        // dozens of short lives share a machine
        builder.environment().put("GATEHOUSE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        builder.environment().putAll(environment);
        return builder;
    }

    /** The working copy. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(folder.resolve("gatehouse"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "there is no launcher above " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }

    static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }
}
