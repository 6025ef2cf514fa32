package dev.gatehouse.bench.crash;

import dev.gatehouse.app.start.Logging;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
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
    private static final long LONGEST_LOAD_MILLIS = 90_000;

    private final Path folder;

    private CrashBench(Path folder) {
        this.folder = folder;
    }

    public static void run(Path root, List<String> arguments) throws Exception {
        Logging.quiet();
        CrashOptions options = CrashOptions.parse(arguments);
        Path folder = Files.createDirectories(root.resolve("target/bench-crash"));
        CrashReport report = new CrashReport(options);
        CrashBench bench = new CrashBench(folder);
        for (Drill drill : options.drills()) {
            System.out.println(drill.name() + ": " + drill.plan());
            Verdict verdict = bench.attempt(drill);
            System.out.println("  " + verdict.line());
            verdict.faults().forEach(fault -> System.out.println("    " + fault));
            report.add(verdict);
            if (options.isRecorded()) {
                report.write(root.resolve("bench/results/crash.md"));
            }
        }
        System.out.println(report.summary());
        System.exit(report.isPassed() ? 0 : 1);
    }

    /** Runs one drill in a folder of its own under {@code folder}. */
    static Verdict run(Path folder, Drill drill) throws Exception {
        return new CrashBench(folder).run(drill);
    }

    /** What cannot be run at all is a failure too, and those that follow are run all the same. */
    private Verdict attempt(Drill drill) throws InterruptedException {
        try {
            return run(drill);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return new Verdict(drill, 0, 0, 0, 0, 0, 0, Map.of(), 0, List.of("it could not be run: " + e));
        }
    }

    private Verdict run(Drill drill) throws Exception {
        long begun = System.nanoTime();
        String name = "drill_" + Long.toString(System.currentTimeMillis(), 36);
        Path home = Files.createDirectories(folder.resolve(name));
        try (Upstream upstream = new Upstream();
                CrashDirectory directory = new CrashDirectory(upstream.url());
                Engines engines = new Engines(home, folder.resolve("postgres"), drill.persistence(), name);
                Stage stage = new Stage(home, drill, engines, directory)) {
            Instant from = Instant.now().minusSeconds(5);
            stage.awaitGateways();
            Redis redis = CrashWriter.patiently(() -> Redis.connect(engines.redisUrl()));
            stage.awaitWriters(redis);
            List<CallRecord> calls = load(drill, stage, directory);
            try (MeteringModule metering = MeteringModule.open(
                    DatabaseUrl.parse(engines.databaseUrl()), CrashWriter.settings(), InstantSource.system())) {
                Judge judge = new Judge(metering, redis, directory, from);
                judge.awaitRest();
                Verdict verdict = judge.judge(drill, calls, stage.deaths(), (System.nanoTime() - begun) / 1_000_000);
                if (verdict.isPassed()) {
                    stage.close();
                    forget(home);
                }
                return verdict;
            } finally {
                redis.close();
            }
        }
    }

    private static List<CallRecord> load(Drill drill, Stage stage, CrashDirectory directory) throws Exception {
        Queue<CallRecord> records = new ConcurrentLinkedQueue<>();
        long begin = System.nanoTime();
        BooleanSupplier isOver = () -> {
            long millis = (System.nanoTime() - begin) / 1_000_000;
            return millis > LONGEST_LOAD_MILLIS
                    || millis > drill.loadMillis()
                            && stage.deaths()
                                    .keySet()
                                    .containsAll(drill.points().keySet());
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
                        PAUSE_MILLIS,
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
        // gateways close the second's refusals and say what they have written down
        TimeUnit.MILLISECONDS.sleep(1_500);
        return new ArrayList<>(records);
    }

    private static void forget(Path home) throws IOException {
        try (var files = Files.walk(home)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
