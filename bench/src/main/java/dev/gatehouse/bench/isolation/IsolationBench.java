package dev.gatehouse.bench.isolation;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code bench isolation}: what a quiet tenant sees alone and beside each {@link Hostility}, in alternating rounds on one
 * installation with everything on. The row of nobody is the quiet tenant alone, twice: the run's own noise.
 */
public final class IsolationBench {
    private final SandboxInstallation sandbox;
    private final int rounds;
    private final int seconds;
    private final int perSecond;
    private final int warm;
    private final List<Hostility> hostilities;
    private final Map<Hostility, List<Row>> rows = new EnumMap<>(Hostility.class);

    private IsolationBench(SandboxInstallation sandbox, Options options, List<Hostility> hostilities) {
        this.sandbox = sandbox;
        this.hostilities = hostilities;
        rounds = options.number("rounds", 5);
        seconds = options.number("seconds", 10);
        perSecond = options.number("rate", 50);
        warm = options.number("warm", 60);
    }

    /** Runs it, and writes the report unless {@code --record no} is given. */
    public static void run(Path root, List<String> arguments) throws IOException {
        Options options = Options.parse(arguments, "rounds", "seconds", "rate", "warm", "only", "port", "record");
        List<Hostility> hostilities = chosen(options.text("only", ""));
        try (SandboxInstallation sandbox = SandboxInstallation.start(options)) {
            IsolationBench bench = new IsolationBench(sandbox, options, hostilities);
            bench.measure();
            String report = bench.report();
            System.out.println(report);
            if (options.text("record", "yes").equals("yes")) {
                bench.write(root.resolve("bench/results"), report);
            }
        }
    }

    private static List<Hostility> chosen(String only) {
        if (only.isEmpty()) {
            return List.of(Hostility.values());
        }
        return Arrays.stream(only.split(","))
                .map(name -> Hostility.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .toList();
    }

    private void measure() throws IOException {
        Matrix matrix = new Matrix(sandbox, seconds, perSecond, 1, 2);
        Machine.awaitRest();
        matrix.warm(warm);
        for (int round = 1; round <= rounds; round++) {
            for (Hostility hostility : hostilities) {
                Row row = matrix.round(hostility);
                rows.computeIfAbsent(hostility, h -> new ArrayList<>()).add(row);
                System.err.printf(
                        Locale.ROOT,
                        "round %d: %-60s p99 %.1f ms alone, %.1f ms beside, %d errors%n",
                        round,
                        hostility.text(),
                        row.aloneP99(),
                        row.besideP99(),
                        row.besideErrors());
            }
        }
    }

    private String report() {
        StringBuilder out = new StringBuilder("# A quiet tenant beside a hostile one\n\n");
        out.append(LocalDate.now(ZoneOffset.UTC)).append(", ").append(rounds).append(" rounds; in each, ");
        out.append(seconds).append(" s alone, then ").append(seconds).append(" s beside. The quiet tenant makes ");
        out.append(perSecond)
                .append(
                        " searches a second on 4 connections; a call's time runs from when it was due. Each cell is the median of the rounds (lowest-highest); ratios are taken within a round.\n\n");
        Machine.facts()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        out.append(
                "\n| beside | p50 alone ms | p50 beside | ratio | p99 alone ms | p99 beside | ratio | errors | within the goal |\n"
                        + "|---|---|---|---|---|---|---|---|---|\n");
        double noise = rows.containsKey(Hostility.NONE)
                ? rows.get(Hostility.NONE).stream()
                        .mapToDouble(Row::ratioP99)
                        .max()
                        .orElse(1.10)
                : 1.10;
        rows.forEach((hostility, all) -> {
            long errors = all.stream().mapToLong(Row::besideErrors).sum();
            double ratio = median(all.stream().mapToDouble(Row::ratioP99).toArray());
            String goal = hostility == Hostility.NONE
                    ? "-"
                    : errors == 0 && ratio <= 1.10 ? "yes" : errors == 0 && ratio <= noise ? "inside the noise" : "no";
            out.append("| ").append(hostility.text());
            cell(out, all.stream().mapToDouble(Row::aloneP50).toArray(), "%.1f");
            cell(out, all.stream().mapToDouble(Row::besideP50).toArray(), "%.1f");
            cell(out, all.stream().mapToDouble(Row::ratioP50).toArray(), "%.2f");
            cell(out, all.stream().mapToDouble(Row::aloneP99).toArray(), "%.1f");
            cell(out, all.stream().mapToDouble(Row::besideP99).toArray(), "%.1f");
            cell(out, all.stream().mapToDouble(Row::ratioP99).toArray(), "%.2f");
            out.append(" | ")
                    .append(errors)
                    .append(kinds(all))
                    .append(" | ")
                    .append(goal)
                    .append(" |\n");
        });
        out.append(
                "\nThe goal: p99 at most 1.10 times that alone, or inside the A/A row's noise, and no error. Load, gateway, services and"
                        + " engines share this machine's cores, so that what a hostile tenant's load itself costs is in the figures.\n");
        return out.toString();
    }

    private static String kinds(List<Row> all) {
        Map<String, Integer> sum = new LinkedHashMap<>();
        all.forEach(row -> row.kinds().forEach((kind, count) -> sum.merge(kind, count, Integer::sum)));
        return sum.isEmpty()
                ? ""
                : sum.entrySet().stream()
                        .map(e -> e.getValue() + " × " + e.getKey())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static void cell(StringBuilder out, double[] values, String format) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        out.append(" | ")
                .append(format.formatted(median(values)))
                .append(" (")
                .append(format.formatted(sorted[0]))
                .append('-')
                .append(format.formatted(sorted[sorted.length - 1]))
                .append(')');
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private void write(Path results, String report) throws IOException {
        Files.createDirectories(results);
        Files.writeString(results.resolve("isolation.md"), report);
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        raw.put("machine", Machine.facts());
        raw.put("rounds", rounds);
        raw.put("seconds", seconds);
        raw.put("perSecond", perSecond);
        raw.put("rows", rows);
        Files.write(
                results.resolve("isolation.json"),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(raw));
    }
}
