package dev.gatehouse.bench.soak;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.drill.Drill;
import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.bench.sandbox.SandboxInstallation.Allowance;
import dev.gatehouse.bench.sandbox.SteadyLoad;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * {@code bench soak}: mixed traffic with the drills in turn, and what the installation holds meanwhile. The process that is
 * killed in a drill of its own is not among them: its memory is what is watched.
 */
public final class SoakBench {
    private static final List<Drill> DRILLS = List.of(
            Drill.REDIS_REFUSED,
            Drill.REDIS_HANGS,
            Drill.REDIS_SLOW,
            Drill.REDIS_FLAPS,
            Drill.REDIS_FORGETS,
            Drill.POSTGRES_REFUSED,
            Drill.POSTGRES_HANGS,
            Drill.SERVICE_REFUSED,
            Drill.SERVICE_HANGS,
            Drill.DISK_FULL,
            Drill.DESCRIPTORS_EXHAUSTED,
            Drill.REDIS_FAILS_OVER,
            Drill.PROCESS_STOPS);
    private static final String[] PATHS = {
        "/v2/listings?city=Toledo&limit=5",
        "/v2/listings?minPrice=100000&limit=50&includeTotal=true",
        "/v2/account/limits",
        "/v1/listings?zip=43606",
        "/v2/listings?near=41.65,-83.54&radius=2000&limit=20"
    };
    private static final int DRILL_SECONDS = 5;

    private final List<Vitals> vitals = new ArrayList<>();
    private final List<Stretch> stretches = new ArrayList<>();

    /** The time that a drill took, with the time to get over it, since the load's start. */
    private record Stretch(Drill drill, long fromNanos, long toNanos) {
        double fromSeconds() {
            return fromNanos / 1e9;
        }

        double toSeconds() {
            return toNanos / 1e9;
        }
    }

    private SoakBench() {}

    /** Runs it, and writes figures and picture unless {@code --record no} is given. */
    public static void run(Path root, List<String> arguments) throws IOException {
        Options options = Options.parse(arguments, "minutes", "rate", "port", "record", "every");
        SoakBench bench = new SoakBench();
        try (SandboxInstallation sandbox = SandboxInstallation.start(options)) {
            String report = bench.measure(sandbox, options);
            System.out.println(report);
            if (options.text("record", "yes").equals("yes")) {
                Path results = root.resolve("bench/results");
                Files.createDirectories(results);
                Files.writeString(results.resolve("soak.md"), report);
                Files.writeString(results.resolve("soak.svg"), bench.plot());
            }
        }
    }

    private String measure(SandboxInstallation sandbox, Options options) throws IOException {
        int minutes = options.number("minutes", 30);
        int rate = options.number("rate", 60);
        // a drill, and quiet time behind it
        int every = options.number("every", 60);
        String key = sandbox.tenant("Soak", new Allowance("growth", 90_000_000, 60_000_000, 60_000_000));
        String poor = sandbox.tenant("Soak poor", new Allowance("growth", 90_000_000, 600, 100));
        try (SteadyLoad good = new SteadyLoad(sandbox.port(), null, key, rate, 6, i -> PATHS[i % PATHS.length]);
                SteadyLoad limited = new SteadyLoad(sandbox.port(), null, poor, rate / 2, 2, i -> PATHS[0]);
                SteadyLoad unknown = new SteadyLoad(
                        sandbox.port(), null, ApiKey.generate(KeyMode.LIVE), rate / 4, 1, i -> PATHS[0])) {
            long end = TimeUnit.MINUTES.toNanos(minutes);
            long nextDrill = TimeUnit.SECONDS.toNanos(every / 2);
            int drill = 0;
            while (good.now() < end) {
                vitals.add(Vitals.of(sandbox, good.now() / 1e9));
                if (good.now() > nextDrill) {
                    stretch(sandbox, good, DRILLS.get(drill++ % DRILLS.size()));
                    nextDrill = good.now() + TimeUnit.SECONDS.toNanos(every - DRILL_SECONDS);
                }
                pause(5);
            }
            vitals.add(Vitals.of(sandbox, good.now() / 1e9));
            return report(minutes, good, limited.all(), unknown.all());
        }
    }

    private void stretch(SandboxInstallation sandbox, SteadyLoad load, Drill drill) throws IOException {
        System.err.printf(Locale.ROOT, "at %.0f s: %s%n", load.now() / 1e9, drill.what());
        long from = load.now();
        drill.run(sandbox, DRILL_SECONDS);
        pause(5);
        stretches.add(new Stretch(drill, from, load.now()));
    }

    private String report(int minutes, SteadyLoad load, SteadyLoad.Part limited, SteadyLoad.Part unknown) {
        SteadyLoad.Part good = load.all();
        List<SteadyLoad.Part> drilled = stretches.stream()
                .map(each -> good.between(each.fromNanos, each.toNanos))
                .toList();
        long failedInDrills =
                drilled.stream().mapToLong(SteadyLoad.Part::failures).sum();
        StringBuilder out = new StringBuilder("# Soak\n\n");
        out.append(LocalDate.now(ZoneOffset.UTC)).append(", ").append(minutes).append(" minutes.\n\n");
        Machine.facts()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        out.append("\n![memory, file descriptors and Redis over time](soak.svg)\n\n| | |\n|---|---|\n");
        row(out, "calls within their limits", good.calls());
        row(out, "of these failed during a drill or the 5 s behind it", failedInDrills);
        row(out, "failed outside of them", good.failures() - failedInDrills);
        row(out, "calls of a tenant beyond its limits, let in", limited.admitted());
        row(out, "calls with a key of nobody, let in", unknown.admitted());
        out.append(String.format(
                Locale.ROOT,
                "| p50, p99 of calls within their limits | %.1f ms, %.1f ms |%n",
                good.percentile(0.5),
                good.percentile(0.99)));
        change(out, "heap after collection, MiB", Vitals::heapMib);
        change(out, "resident, MiB", Vitals::residentMib);
        change(out, "file descriptors", Vitals::descriptors);
        change(out, "Redis, MiB", Vitals::redisMib);
        change(out, "keys in Redis", Vitals::redisKeys);
        out.append("\n| drill | stated | at s | calls | failed | p99 ms |\n|---|---|---|---|---|---|\n");
        for (int i = 0; i < stretches.size(); i++) {
            Stretch each = stretches.get(i);
            SteadyLoad.Part part = drilled.get(i);
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.0f | %d | %s | %.1f |%n",
                    each.drill.what(),
                    each.drill.stated(),
                    each.fromSeconds(),
                    part.calls(),
                    part.failuresByKind(),
                    part.percentile(0.99)));
        }
        out.append(
                "\nBefore each measurement of memory, every 5 s, a whole collection is asked for: the calls' times have its"
                        + " pauses in them. A call's time runs from when it was due; the standing still of the process is in them too.\n");
        return out.toString();
    }

    private static void row(StringBuilder out, String what, long value) {
        out.append("| ").append(what).append(" | ").append(value).append(" |\n");
    }

    /** The mean of the second and of the last quarter: the first is warming up. */
    private void change(StringBuilder out, String what, ToDoubleFunction<Vitals> value) {
        int quarter = Math.max(1, vitals.size() / 4);
        double early = mean(vitals.subList(quarter, Math.min(vitals.size(), 2 * quarter + 1)), value);
        double late = mean(vitals.subList(vitals.size() - quarter, vitals.size()), value);
        out.append(String.format(Locale.ROOT, "| %s, second and last quarter | %.1f, %.1f |%n", what, early, late));
    }

    private static double mean(List<Vitals> some, ToDoubleFunction<Vitals> value) {
        return some.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private String plot() {
        Plot plot = new Plot(vitals)
                .line("heap after collection, MiB", Vitals::heapMib)
                .line("resident, MiB", Vitals::residentMib)
                .line("file descriptors", Vitals::descriptors)
                .line("Redis, MiB", Vitals::redisMib);
        stretches.forEach(each -> plot.mark(each.fromSeconds(), each.toSeconds(), each.drill.what()));
        return plot.svg();
    }

    private static void pause(int seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
