package dev.gatehouse.bench.webhooks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link CrashProcess} that is killed without warning and started again. */
final class KillableProcess implements AutoCloseable {
    private static final int TRIES = 20;

    final String name;
    private final Path logs;
    private final List<String> arguments;
    private Process process;

    private KillableProcess(String name, Path logs, List<String> arguments) throws IOException {
        this.name = name;
        this.logs = logs;
        this.arguments = arguments;
        this.process = launch();
    }

    /** Starts it and waits until it works. */
    static KillableProcess start(String name, Path logs, String... arguments) throws IOException, InterruptedException {
        KillableProcess started = new KillableProcess(name, logs, List.of(arguments));
        started.awaitReady();
        return started;
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashProcess.class.getName()));
        command.addAll(arguments);
        File log = logs.resolve(name + ".log").toFile();
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    /** It may come up while what it needs is away, too: then it dies, and is started again. */
    private void awaitReady() throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("READY")) {
                    drain(out);
                    return;
                }
            }
            process.waitFor(10, TimeUnit.SECONDS);
            process = launch();
        }
        throw new IOException(name + " does not come up: see its log in " + logs);
    }

    private static void drain(BufferedReader out) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (out.readLine() != null) {
                    // only its log counts
                }
            } catch (IOException e) {
                // it was killed
            }
        });
    }

    /** SIGKILL: nothing is written, closed or said. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void startAgain() throws IOException, InterruptedException {
        process = launch();
        awaitReady();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
