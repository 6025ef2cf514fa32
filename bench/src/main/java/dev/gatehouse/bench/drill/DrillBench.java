package dev.gatehouse.bench.drill;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.sandbox.Caller;
import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.bench.sandbox.SandboxInstallation.Allowance;
import dev.gatehouse.bench.sandbox.SteadyLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code gatehouse drill NAME}: lets something fail under an even load, and says what callers saw. */
public final class DrillBench {
    private static final String CALL = "/v2/listings?city=Toledo&limit=5";
    private static final Allowance PLENTY = new Allowance("growth", 90_000_000, 6_000_000, 6_000_000);
    private static final long BUCKET = 100;
    private static final int GREEDY_PER_SECOND = 100;
    private static final long DAILY = 20_000;

    private final int seconds;
    private final int perSecond;

    private DrillBench(Options options) {
        seconds = options.number("seconds", 5);
        perSecond = options.number("rate", 40);
    }

    /** @param arguments the drill's name or {@code all}, then options */
    public static void run(Path root, List<String> arguments) throws IOException {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        List<Drill> drills = Arrays.stream(Drill.values())
                .filter(drill -> name.equals("all") || drill.text().equals(name))
                .toList();
        if (drills.isEmpty()) {
            System.err.println(
                    "gatehouse drill NAME [--seconds N] [--rate N] [--port N] [--record yes]; NAME is all or one of:");
            for (Drill drill : Drill.values()) {
                System.err.printf(Locale.ROOT, "  %-20s %s: %s%n", drill.text(), drill.what(), drill.stated());
            }
            System.exit(2);
        }
        Options options = Options.parse(arguments.subList(1, arguments.size()), "seconds", "rate", "port", "record");
        DrillBench bench = new DrillBench(options);
        List<Row> rows = new ArrayList<>();
        try (SandboxInstallation sandbox = SandboxInstallation.start(options)) {
            for (Drill drill : drills) {
                System.err.println(drill.what() + " …");
                rows.add(bench.measure(sandbox, drill));
            }
        }
        String report = bench.report(rows);
        System.out.println(report);
        if (options.text("record", "no").equals("yes")) {
            Files.createDirectories(root.resolve("bench/results"));
            Files.writeString(root.resolve("bench/results/drills.md"), report);
        }
    }

    /**
     * What one drill did.
     *
     * @param overshoot units let in beyond what the limits of a tenant that calls more than it may allow for the time;
     *     below zero when fewer were
     * @param itself what became of the calls to the failing thing itself
     */
    private record Row(
            Drill drill,
            SteadyLoad.Part before,
            SteadyLoad.Part during,
            SteadyLoad.Part after,
            long overshoot,
            double recoverySeconds,
            String itself) {}

    private Row measure(SandboxInstallation sandbox, Drill drill) throws IOException {
        String key = sandbox.tenant("Caller " + drill.text(), PLENTY);
        String greedy = sandbox.tenant("Greedy " + drill.text(), new Allowance("growth", DAILY, 60, BUCKET));
        try (SteadyLoad load = new SteadyLoad(sandbox.port(), null, key, perSecond, 4, i -> CALL)) {
            pause(3);
            long start = load.now();
            pause(seconds);
            long failing = load.now();
            SteadyLoad.Part taken;
            try (SteadyLoad taker = new SteadyLoad(sandbox.port(), null, greedy, GREEDY_PER_SECOND, 4, i -> CALL)) {
                String itself = drill.run(sandbox, seconds);
                long well = load.now();
                double recovery = recover(sandbox, key, well, load);
                taken = taker.all();
                pause(seconds);
                long end = load.now();
                double took = (end - failing) / 60e9;
                // its bucket and what flowed back meanwhile
                long allowed = BUCKET + (long) (60 * took);
                return new Row(
                        drill,
                        load.between(start, failing),
                        load.between(failing, well),
                        load.between(well, end),
                        taken.admitted() - allowed,
                        recovery,
                        itself);
            }
        }
    }

    /** Seconds until ten calls in a row are served and not degraded. */
    private static double recover(SandboxInstallation sandbox, String key, long since, SteadyLoad clock) {
        try (Caller caller = new Caller(sandbox.port())) {
            int good = 0;
            long first = clock.now();
            long end = clock.now() + TimeUnit.SECONDS.toNanos(60);
            while (good < 10 && clock.now() < end) {
                Caller.Answer answer = caller.get(CALL, key);
                if (answer.isFailure() || answer.degraded()) {
                    good = 0;
                    first = clock.now();
                    pauseMillis(20);
                } else {
                    good++;
                }
            }
            return good < 10 ? Double.NaN : (first - since) / 1e9;
        }
    }

    private String report(List<Row> rows) {
        StringBuilder out = new StringBuilder("# Drills\n\n");
        out.append(LocalDate.now(ZoneOffset.UTC))
                .append(", one installation; ")
                .append(perSecond)
                .append(" searches a second on 4 connections, ")
                .append(seconds)
                .append(" s before, during and after; from the failure on another tenant makes ")
                .append(GREEDY_PER_SECOND)
                .append(
                        " a second, more than it may. A call's time runs from when it was due; one without an answer 5 s later"
                                + " has failed.\n\n");
        Machine.facts()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        out.append(
                "\n| what fails | stated | failed during | failed after | decided locally | p99 before ms | p99 during | p99 after"
                        + " | overshoot | well again after s |\n|---|---|---|---|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            out.append("| ").append(row.drill.what()).append(" | ").append(row.drill.stated());
            out.append(" | ").append(failures(row.during));
            out.append(" | ").append(failures(row.after));
            out.append(" | ").append(row.during.degraded()).append(" of ").append(row.during.calls());
            out.append(String.format(
                    Locale.ROOT,
                    " | %.1f | %.1f | %.1f | %d | %.1f |%n",
                    row.before.percentile(0.99),
                    row.during.percentile(0.99),
                    row.after.percentile(0.99),
                    Math.max(0, row.overshoot),
                    row.recoverySeconds));
        }
        out.append("\n");
        for (Row row : rows) {
            if (!row.itself.isEmpty()) {
                out.append("When ")
                        .append(row.drill.what())
                        .append(", of its own calls: ")
                        .append(row.itself)
                        .append(".\n");
            }
        }
        out.append("\nOvershoot: units let in of a tenant that calls more than its bucket of ")
                .append(BUCKET)
                .append(" and 60 a minute allow. The bound is one bucket a node and 1 % of its quota of ")
                .append(DAILY)
                .append(": ")
                .append(BUCKET + DAILY / 100)
                .append(".\n");
        return out.toString();
    }

    private static String failures(SteadyLoad.Part part) {
        return part.failuresByKind().replaceFirst("^(\\d+)", "$1 of " + part.calls());
    }

    private static void pause(int seconds) {
        pauseMillis(seconds * 1_000L);
    }

    private static void pauseMillis(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
