package dev.gatehouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** On what a run was measured. */
public final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/stat");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private Machine() {}

    /** Processor, cores, kernel and Java. */
    public static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "machine",
                first("lscpu", "Model name") + ", " + first("lscpu", "CPU(s)") + " cores, Linux "
                        + System.getProperty("os.version"));
        facts.put("Java", System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"));
        return facts;
    }

    /** The first line that a program prints about itself; says so when it is not there. */
    public static String version(String... command) {
        return output(command).lines().findFirst().orElse("unknown").strip();
    }

    /**
     * Until the processors have been idle for nine tenths of five seconds: what a first start does behind its panel (events of
     * the loaded homes, indexes, models) is over then. Says so when they were not within four minutes. Linux'
     * {@code /proc/stat}; elsewhere there is no waiting.
     */
    public static void awaitRest() throws IOException {
        if (!Files.isReadable(PROCESSORS)) {
            return;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        Ticks before = Ticks.now();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            Ticks after = Ticks.now();
            if (after.idle() - before.idle() >= 0.9 * (after.all() - before.all())) {
                return;
            }
            before = after;
        }
        System.err.println(
                "The machine was not at rest within " + PATIENCE + ": what follows is measured beside other work.");
    }

    /** What a process holds in memory; Linux, proc(5). */
    public static double residentMib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024.0;
    }

    /** Of all processors since the machine's start (proc(5)): the fourth and fifth column are idle. */
    private record Ticks(long idle, long all) {
        static Ticks now() throws IOException {
            long[] columns = Arrays.stream(
                            Files.readAllLines(PROCESSORS).getFirst().split(" +"))
                    .skip(1)
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Ticks(
                    columns[3] + columns[4], Arrays.stream(columns).limit(8).sum());
        }
    }

    private static String first(String program, String label) {
        return output(program)
                .lines()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return command[0].toLowerCase(Locale.ROOT) + " is not there";
        }
    }
}
