package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code bench webhooks [throughput|latency|fairness|all] [--rounds=5] [--seconds=20] [--backlog=100000] [--record=yes]} and
 * {@code bench webhooks crash [--seed=N] [--kills=24] [--record=yes]}.
 */
public final class WebhooksBench {
    private WebhooksBench() {}

    public static void run(Path root, List<String> arguments) throws Exception {
        // before the first logger: without a configuration every step of every request would be written, and measured
        System.setProperty("logback.configurationFile", "dev/gatehouse/bench/measured-logback.xml");
        String what = arguments.isEmpty() || arguments.getFirst().startsWith("--") ? "all" : arguments.getFirst();
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            if (argument.startsWith("--")) {
                int equals = argument.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException("write " + argument + "=VALUE");
                }
                given.put(argument.substring(2, equals), argument.substring(equals + 1));
            }
        }
        Path folder = Files.createTempDirectory("gatehouse-bench-webhooks-");
        Path results = root.resolve("bench/results");
        boolean record = given.getOrDefault("record", "yes").equals("yes");
        try {
            if (what.equals("crash")) {
                crash(folder, results, given, record);
            } else {
                speed(what, folder, results, given, record);
            }
        } finally {
            delete(folder);
        }
    }

    private static void crash(Path folder, Path results, Map<String, String> given, boolean record) throws Exception {
        long seed = Long.parseLong(given.getOrDefault("seed", "20261125"));
        int kills = Integer.parseInt(given.getOrDefault("kills", "24"));
        System.out.println("seed " + seed);
        CrashReport report = new CrashBench(seed, kills).run(folder);
        finish(report.text(), results.resolve("webhooks-crash.md"), record);
        if (!report.holds()) {
            throw new IllegalStateException("deliveries were lost: see the report");
        }
    }

    private static void speed(String what, Path folder, Path results, Map<String, String> given, boolean record)
            throws Exception {
        SpeedBench.Options options = new SpeedBench.Options(
                Integer.parseInt(given.getOrDefault("rounds", "5")),
                Integer.parseInt(given.getOrDefault("seconds", "20")),
                Integer.parseInt(given.getOrDefault("backlog", "100000")));
        StringBuilder text = new StringBuilder("""
                # Webhooks: throughput, latency, fairness

                Written by `./gatehouse bench webhooks`. Outbox, relay, feed, queue (ElasticMQ) and worker run in one process, as
                with `./gatehouse up`; PostgreSQL and the receivers run beside it on the same machine. Every attempt is logged.

                """);
        Machine.facts()
                .forEach((name, value) -> text.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        try (Rig rig = new Rig(folder)) {
            SpeedBench bench = new SpeedBench(rig, options);
            if (what.equals("all") || what.equals("throughput")) {
                section(text, "Throughput to fast receivers of twenty tenants", bench.throughput());
            }
            if (what.equals("all") || what.equals("latency")) {
                section(text, "From the event's commit to its receiver, at 200 a second", bench.latency());
            }
            if (what.equals("all") || what.equals("fairness")) {
                section(text, "One tenant's backlog and another's 50 deliveries a second", bench.fairness());
            }
        }
        finish(
                text.toString(),
                results.resolve(what.equals("all") ? "webhooks.md" : "webhooks-" + what + ".md"),
                record);
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        text.append("\n## ")
                .append(title)
                .append("\n\n")
                .append(String.join("\n", lines))
                .append('\n');
    }

    private static void finish(String text, Path file, boolean record) throws IOException {
        System.out.println(text);
        if (record) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            System.out.println("Written to " + file);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
