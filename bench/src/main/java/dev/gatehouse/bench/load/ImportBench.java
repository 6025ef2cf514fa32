package dev.gatehouse.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.sandbox.GatehouseCommand;
import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code bench import}: a large file imported by the command into an installation that takes it, each in its own process with
 * a small heap; how much memory both have at each tenth of the way.
 */
public final class ImportBench {
    private static final String PORT = "18680";
    private static final String ROLES = "directory,gateway,events,metering,listings";
    private static final String CLIENT_HEAP = "-Xmx64m";
    private static final String SERVER_HEAP = "-Xmx512m";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int STEPS = 10;
    private static final Pattern PROGRESS = Pattern.compile("([\\d,]+) rows read");

    private ImportBench() {}

    /** Memory in MiB. */
    private record Step(long rows, double seconds, double client, double server) {}

    /** @param arguments {@code --rows N --distinct N --record yes|no} */
    public static void run(Path root, List<String> arguments) throws Exception {
        Options options = Options.parse(arguments, "rows", "distinct", "record");
        int rows = options.number("rows", 10_000_000);
        int distinct = options.number("distinct", 1_000_000);
        Path folder = Files.createTempDirectory("gatehouse-bench-import-");
        Path file = folder.resolve("large.csv");
        System.err.printf(Locale.ROOT, "writing %,d rows of %,d homes to %s%n", rows, distinct, file);
        LargeFile.write(file, rows, distinct);
        GatehouseCommand gatehouse = new GatehouseCommand(root, folder.resolve("data"));
        Process server = gatehouse.up(
                folder.resolve("up.log"),
                Map.of("GATEHOUSE_SIMULATOR", "off", "GATEHOUSE_JAVA_OPTIONS", SERVER_HEAP),
                PATIENCE,
                "--port",
                PORT,
                "--roles",
                ROLES);
        try {
            String report = imported(gatehouse, file, server, rows, distinct);
            System.out.println(report);
            if (options.text("record", "yes").equals("yes")) {
                Files.writeString(
                        Files.createDirectories(root.resolve("bench/results")).resolve("import.md"), report);
            }
        } finally {
            GatehouseCommand.stop(server);
        }
    }

    private static String imported(GatehouseCommand gatehouse, Path file, Process server, int rows, int distinct)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(gatehouse.line("import", file.toString(), "--mapping", "lucas-county", "--json"));
        builder.environment().put("GATEHOUSE_JAVA_OPTIONS", CLIENT_HEAP);
        long begun = System.nanoTime();
        Process client = builder.start();
        List<Step> steps = new ArrayList<>();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(client.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                Matcher progress = PROGRESS.matcher(line);
                long read = progress.find() ? Long.parseLong(progress.group(1).replace(",", "")) : 0;
                if (read >= (steps.size() + 1L) * rows / STEPS) {
                    Step step = new Step(
                            read,
                            (System.nanoTime() - begun) / 1e9,
                            Machine.residentMib(client.pid()),
                            Machine.residentMib(server.pid()));
                    System.err.print(row(step));
                    steps.add(step);
                } else if (read == 0) {
                    System.err.println(line);
                }
            }
        }
        JsonNode counts = Json.tree(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        if (client.waitFor() != 0) {
            throw new IOException("the import ended with " + client.exitValue());
        }
        return report(steps, counts, (System.nanoTime() - begun) / 1e9, Files.size(file), distinct);
    }

    private static String row(Step step) {
        return String.format(
                Locale.ROOT,
                "| %,d | %.0f | %.0f | %.0f |%n",
                step.rows(),
                step.seconds(),
                step.client(),
                step.server());
    }

    private static String report(List<Step> steps, JsonNode counts, double seconds, long bytes, int distinct) {
        long read = counts.path("read").asLong();
        StringBuilder out = new StringBuilder("# A large import\n\n");
        out.append(String.format(
                Locale.ROOT,
                "%s. `./gatehouse import` of one CSV file of %,d MiB: the %,d homes of Lucas County moved east copy by copy until"
                        + " there are %,d, and these repeated. The command runs with a heap of 64 MiB, the installation that takes"
                        + " the rows (%s) with 512 MiB, PostgreSQL beside them. Resident memory of both processes at each tenth"
                        + " of the way.%n%n",
                LocalDate.now(ZoneOffset.UTC),
                bytes >> 20,
                25_357,
                distinct,
                ROLES));
        Machine.facts()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        out.append(String.format(Locale.ROOT, "- %,d rows in %.0f s, %,.0f a second%n", read, seconds, read / seconds));
        out.append("- the command's report: `").append(Json.text(counts)).append("`\n\n");
        out.append("| rows read | s | the command, MiB | the installation, MiB |\n|---|---|---|---|\n");
        steps.forEach(step -> out.append(row(step)));
        return out.toString();
    }
}
