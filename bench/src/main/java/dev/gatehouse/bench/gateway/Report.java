package dev.gatehouse.bench.gateway;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What a run says: medians with their spread, and ratios taken round by round. */
final class Report {
    private final BenchOptions options;
    private final List<Sample> samples;
    private final Map<String, String> machine = machine();

    Report(BenchOptions options, List<Sample> samples) {
        this.options = options;
        this.samples = List.copyOf(samples);
    }

    String markdown() {
        StringBuilder out = new StringBuilder("# The gateway beside its peers\n\n");
        out.append(LocalDate.now(ZoneOffset.UTC))
                .append(", ")
                .append(options.rounds())
                .append(" alternating rounds of ");
        out.append(options.seconds())
                .append(" s each, after ")
                .append(options.warmupSeconds())
                .append(" s of warming up. ");
        out.append(
                        "The contender has core 0 to itself; wrk, Redis, the service (nginx, 1 KB of JSON) and the directory")
                .append(
                        " share core 1. 100 tenants in turn. Each cell is the median of the rounds (lowest-highest).\n\n");
        machine.forEach((what, value) ->
                out.append("- ").append(what).append(": ").append(value).append('\n'));
        for (int connections : options.connections()) {
            table(out, connections);
        }
        out.append("""

                Ratios are taken within a round and then their median; the A/A row is the same process measured twice in each
                round, and a ratio inside its spread is unproven. CPU time is the kernel's count for all threads of the
                contender (`/proc/PID/task/*/schedstat`). Core 1 is busier than core 0 with the faster contenders, so that
                their requests/s are bounded by the load and the service: CPU time per request is the figure to compare.
                """);
        return out.toString();
    }

    private void table(StringBuilder out, int connections) {
        out.append("\n## ").append(connections).append(" connections\n\n");
        out.append(
                "| contender | CPU µs/request | of bare nginx | requests/s | Gatehouse's over its | p50 ms | p99 ms | memory"
                        + " MiB | unexpected |\n|---|---|---|---|---|---|---|---|---|\n");
        for (String name : names()) {
            out.append("| ").append(name);
            cell(out, values(name, connections, Sample::cpuMicros), "%.1f");
            cell(out, ratios(name, GatewayBench.BARE, connections, Sample::cpuMicros), "%.2f");
            cell(out, values(name, connections, Sample::perSecond), "%.0f");
            cell(out, ratios(GatewayBench.OURS, name, connections, Sample::perSecond), "%.2f");
            cell(out, values(name, connections, Sample::p50Millis), "%.2f");
            cell(out, values(name, connections, Sample::p99Millis), "%.2f");
            cell(out, values(name, connections, Sample::residentMib), "%.0f");
            long unexpected = samples.stream()
                    .filter(s -> s.contender().equals(name) && s.connections() == connections)
                    .mapToLong(Sample::unexpected)
                    .sum();
            out.append(" | ").append(unexpected).append(" |\n");
        }
    }

    void write(Path results) throws IOException {
        Files.createDirectories(results);
        Files.writeString(results.resolve("gateway.md"), markdown());
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        raw.put("machine", machine);
        raw.put("rounds", options.rounds());
        raw.put("seconds", options.seconds());
        raw.put("samples", samples);
        Files.write(
                results.resolve("gateway.json"),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(raw));
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        samples.forEach(sample -> names.add(sample.contender()));
        return names;
    }

    private double[] values(String name, int connections, ToDoubleFunction<Sample> figure) {
        return samples.stream()
                .filter(s -> s.contender().equals(name) && s.connections() == connections)
                .mapToDouble(figure)
                .toArray();
    }

    private double[] ratios(String of, String over, int connections, ToDoubleFunction<Sample> figure) {
        double[] above = values(of, connections, figure);
        double[] below = values(over, connections, figure);
        double[] ratios = new double[Math.min(above.length, below.length)];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = above[i] / below[i];
        }
        return ratios;
    }

    private static void cell(StringBuilder out, double[] values, String format) {
        out.append(" | ");
        if (values.length == 0) {
            out.append('-');
            return;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        out.append(format.formatted(median));
        out.append(" (").append(format.formatted(sorted[0])).append('-');
        out.append(format.formatted(sorted[sorted.length - 1])).append(')');
    }

    private static Map<String, String> machine() {
        Map<String, String> facts = Machine.facts();
        facts.put("nginx", Machine.version("nginx", "-v"));
        facts.put("Redis", Machine.version("redis-server", "--version"));
        facts.put("Node", Machine.version("node", "--version"));
        facts.put("wrk", Machine.version("wrk", "-v"));
        return facts;
    }
}
