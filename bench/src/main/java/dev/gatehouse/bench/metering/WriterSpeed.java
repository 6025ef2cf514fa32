package dev.gatehouse.bench.metering;

import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ledger's writer beside other ways to write its rows: the writer on core 0, PostgreSQL and Redis on core 1. */
final class WriterSpeed {
    private static final int WRITERS_CORE = 0;
    private static final int SERVERS_CORE = 1;

    private final MeteringOptions options;
    private final Path folder;

    WriterSpeed(MeteringOptions options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    List<Sample> measure() throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        for (int tenants : options.tenants()) {
            Path home = folder.resolve("writer-" + tenants);
            // what an installation does: a commit is on the disk when it returns
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home.resolve("postgres"), Durability.DURABLE);
                    EmbeddedRedis redis = EmbeddedRedis.start(home.resolve("redis"), Durability.THROWN_AWAY)) {
                pin(SERVERS_CORE, ProcessHandle.current().pid());
                pinAll(SERVERS_CORE, postgres.pid());
                pinAll(SERVERS_CORE, redis.pid());
                samples.addAll(run(postgres, redis, tenants));
            }
        }
        return samples;
    }

    private List<Sample> run(EmbeddedPostgres postgres, EmbeddedRedis redis, int tenants)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "taskset",
                "-c",
                Integer.toString(WRITERS_CORE),
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xms1g",
                "-Xmx2g"));
        command.addAll(options.javaOptions());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                WriterProcess.class.getName(),
                postgres.url(),
                redis.url(),
                Long.toString(postgres.pid()),
                Integer.toString(tenants),
                Integer.toString(options.batch()),
                Integer.toString(options.warmup()),
                Integer.toString(options.rounds())));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Sample> samples = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.chars().filter(c -> c == '\t').count() == 5) {
                    Sample sample = Sample.of(line, tenants);
                    System.err.printf("%d tenants: %s%n", tenants, sample);
                    samples.add(sample);
                } else {
                    System.err.println(line);
                }
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the writing process failed");
        }
        return samples.stream().filter(sample -> sample.round() >= 0).toList();
    }

    private static void pinAll(int core, long pid) throws IOException, InterruptedException {
        pin(core, pid);
        for (ProcessHandle child : ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .toList()) {
            pin(core, child.pid());
        }
    }

    private static void pin(int core, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("taskset", "-a", "-c", "-p", Integer.toString(core), Long.toString(pid))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
