package dev.gatehouse.bench.crash;

import dev.gatehouse.app.start.Logging;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** {@code gatehouse bench crash}: the matrix of points, then random seeds, each with its verdict. */
public final class CrashBench {
    private static final int CALLERS = 8;
    private static final int PAUSE_MILLIS = 15;
    private static final int PAUSE_WHERE_JOURNALS_FILL = 2;
    private static final long LONGEST_LOAD_MILLIS = 90_000;

    private final Path folder;
    private final Installation installation;
    private final Launch launch;

    private CrashBench(Path folder, Installation installation, Launch launch) {
        this.folder = folder;
        this.installation = installation;
        this.launch = launch;
    }

    public static void run(Path root, List<String> arguments) throws Exception {
        Logging.quiet();
        CrashOptions options = CrashOptions.parse(arguments);
        Path folder = root.resolve("target/bench-crash");
        Installation.delete(folder);
        Files.createDirectories(folder);
        CrashReport report = new CrashReport(options);
        try (Installation installation = new Installation(folder)) {
            new CrashBench(folder, installation, new Launch(folder, true)).run(Drill.rehearsal());
            CrashBench bench = new CrashBench(folder, installation, new Launch(folder, false));
            for (Drill drill : options.drills()) {
                System.out.println(drill.name() + ": " + drill.plan());
                Verdict verdict = bench.attempt(drill);
                System.out.println("  " + verdict.line());
                verdict.faults().forEach(fault -> System.out.println("    " + fault));
                if (!verdict.isPassed()) {
                    System.out.println("    again: " + drill.replay() + " --seconds=" + options.seconds());
                }
                report.add(verdict);
                if (options.isRecorded()) {
                    report.write(root.resolve("bench/results/crash.md"));
                }
            }
        }
        System.out.println(report.summary());
        System.exit(report.isPassed() ? 0 : 1);
    }

    /** Runs drills on one installation in a folder. */
    static List<Verdict> run(Path folder, Drill... drills) throws Exception {
        List<Verdict> verdicts = new ArrayList<>();
        try (Installation installation = new Installation(folder)) {
            for (Drill drill : drills) {
                verdicts.add(new CrashBench(folder, installation, new Launch(folder, false)).run(drill));
            }
        }
        return verdicts;
    }

    /** What cannot be run at all is a failure too, and those that follow are run all the same. */
    private Verdict attempt(Drill drill) throws InterruptedException {
        try {
            return run(drill);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return new Verdict(
                    drill, new Matching(0, 0, 0, 0), 0, 0, 0, Map.of(), 0, List.of("it could not be run: " + e));
        }
    }

    private Verdict run(Drill drill) throws Exception {
        long begun = System.nanoTime();
        String name = "drill_" + Long.toString(System.currentTimeMillis(), 36);
        Path home = Files.createDirectories(folder.resolve(name));
        Verdict verdict;
        try (Upstream upstream = new Upstream();
                CrashDirectory directory = new CrashDirectory(upstream.url());
                Engines engines = new Engines(home, installation, drill.persistence(), name)) {
            verdict = run(drill, home, engines, directory, begun);
            if (verdict.isPassed()) {
                engines.forget();
            }
        }
        if (verdict.isPassed()) {
            Installation.delete(home);
        }
        return verdict;
    }

    private Verdict run(Drill drill, Path home, Engines engines, CrashDirectory directory, long begun)
            throws Exception {
        try (Stage stage = new Stage(home, drill, launch, engines, directory)) {
            Instant from = Instant.now().minusSeconds(5);
            stage.awaitGateways();
            try (Redis redis = CrashWriter.patiently(() -> Redis.connect(engines.redisUrl()))) {
                stage.awaitWriters(redis);
                long loaded = System.nanoTime();
                List<CallRecord> calls = load(drill, stage, directory);
                long rested = System.nanoTime();
                try (MeteringModule metering = MeteringModule.open(
                        DatabaseUrl.parse(engines.databaseUrl()), CrashWriter.settings(), InstantSource.system())) {
                    Judge judge = new Judge(metering, redis, directory, from);
                    judge.awaitRest();
                    System.out.printf(
                            "  up after %.1f s, %.1f s of load, at rest after %.1f s more%n",
                            (loaded - begun) / 1e9, (rested - loaded) / 1e9, (System.nanoTime() - rested) / 1e9);
                    return judge.judge(drill, calls, stage, (System.nanoTime() - begun) / 1_000_000);
                }
            }
        }
    }

    private static List<CallRecord> load(Drill drill, Stage stage, CrashDirectory directory) throws Exception {
        Queue<CallRecord> records = new ConcurrentLinkedQueue<>();
        long begin = System.nanoTime();
        BooleanSupplier isOver = () -> {
            long millis = (System.nanoTime() - begin) / 1_000_000;
            return millis > LONGEST_LOAD_MILLIS || millis > drill.loadMillis() && stage.isOver();
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                running.add(threads.submit(new Caller(
                        "c" + drill.seed() + "-" + i,
                        stage.gatewayPorts(),
                        directory,
                        drill.seed() * 31 + i,
                        isOver,
                        drill.isJournalNarrow() ? PAUSE_WHERE_JOURNALS_FILL : PAUSE_MILLIS,
                        records::add)));
            }
            for (Blow blow : drill.blows()) {
                running.add(threads.submit(() -> {
                    TimeUnit.NANOSECONDS.sleep(
                            begin + TimeUnit.MILLISECONDS.toNanos(blow.atMillis()) - System.nanoTime());
                    stage.take(blow);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        // one that is still coming up again has not said yet what its journal holds
        stage.awaitGateways();
        // gateways close the second's refusals and say what they have written down
        TimeUnit.MILLISECONDS.sleep(1_000);
        return new ArrayList<>(records);
    }
}
