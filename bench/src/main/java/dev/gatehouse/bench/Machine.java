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
     * the loaded homes, indexes, models) is over then. Linux' {@code /proc/stat}; elsewhere there is no waiting.
     *
     * @return false when they were not within the patience
     */
    public static boolean awaitRest(Duration patience) throws IOException {
        if (!Files.isReadable(PROCESSORS)) {
            return true;
        }
        long end = System.nanoTime() + patience.toNanos();
        long[] before = idleAndAll();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            long[] after = idleAndAll();
            if (after[0] - before[0] >= 0.9 * (after[1] - before[1])) {
                return true;
            }
            before = after;
        }
        return false;
    }

    /** Of all processors, in ticks since the machine's start (proc(5)): the fourth and fifth column are idle. */
    private static long[] idleAndAll() throws IOException {
        String all = Files.readAllLines(PROCESSORS).getFirst();
        long[] ticks = Arrays.stream(all.split(" +"))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
        return new long[] {ticks[3] + ticks[4], Arrays.stream(ticks).limit(8).sum()};
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
