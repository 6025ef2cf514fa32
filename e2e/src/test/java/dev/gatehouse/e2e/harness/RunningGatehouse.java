package dev.gatehouse.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One {@code gatehouse up}: it is ready when this object exists. */
public final class RunningGatehouse implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;
    private final Path data;
    private final Path output;
    private final Start start;

    private record Start(int port, Map<String, String> environment, String[] more) {}

    private RunningGatehouse(Process process, Path data, Path output, Start start) {
        this.process = process;
        this.data = data;
        this.output = output;
        this.start = start;
    }

    /** Starts every role on embedded engines. */
    public static RunningGatehouse up(Path data, int port) throws IOException {
        return up(data, port, Map.of());
    }

    /** @param environment settings, as in {@code GATEHOUSE_DATABASE_URL} */
    public static RunningGatehouse up(Path data, int port, Map<String, String> environment, String... more)
            throws IOException {
        RunningGatehouse started = begin(data, port, environment, more);
        started.awaitReady();
        return started;
    }

    /** Starts it without waiting until it is ready. */
    public static RunningGatehouse begin(Path data, int port, Map<String, String> environment, String... more)
            throws IOException {
        Path output = Files.createTempFile("gatehouse-up", ".txt");
        List<String> arguments =
                new ArrayList<>(List.of("up", "--data", data.toString(), "--port", Integer.toString(port)));
        arguments.addAll(List.of(more));
        Process process = Launcher.builder(environment, arguments)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new RunningGatehouse(process, data, output, new Start(port, environment, more));
    }

    private void awaitReady() throws IOException {
        Awaitility.await("gatehouse up on " + data)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || says().contains("Ctrl-C stops it."));
        if (!process.isAlive()) {
            throw new AssertionError("gatehouse up ended with " + process.exitValue() + ":\n" + says());
        }
    }

    /** All that it has printed. */
    public String says() throws IOException {
        return Launcher.text(output);
    }

    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Processes that it has started and that live now. */
    public List<ProcessHandle> children() {
        return process.descendants().filter(ProcessHandle::isAlive).toList();
    }

    public JsonNode status() throws IOException, InterruptedException {
        return Launcher.run("status", "--data", data.toString(), "--json").json();
    }

    /** The same once more, after it has ended; ready when this returns. */
    public RunningGatehouse again() throws IOException {
        return up(data, start.port(), start.environment(), start.more());
    }

    /** Holds it where it is, as a long pause would: no thread of it runs any more when this returns. */
    public void hold() throws IOException, InterruptedException {
        signal("-STOP");
        Awaitility.await(pid() + " is held")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(this::isHeld);
    }

    /** A signal to stop reaches one thread first, and the others go on until that one runs: see proc(5) for the states. */
    private boolean isHeld() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    /** Ends {@link #hold()}. */
    public void letGo() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit =
                new ProcessBuilder("kill", name, Long.toString(pid())).start().waitFor();
        if (exit != 0) {
            throw new IOException("kill " + name + " ended with " + exit);
        }
    }

    /** kill -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and waits until it is gone. */
    @Override
    public void close() throws InterruptedException, IOException {
        if (process.isAlive()) {
            letGo();
        }
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("gatehouse did not stop within 60 s of SIGTERM:\n" + says());
        }
        Files.deleteIfExists(output);
    }
}
