package dev.gatehouse.engines;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A server program that lives no longer than this JVM.
 *
 * <p>It gets a session of its own ({@code setsid}), so that Ctrl-C in the terminal reaches only us, who stop it when its
 * last client is done. It asks the kernel for a signal when its parent dies (prctl(2), {@code PR_SET_PDEATHSIG}). That
 * parent is the thread that started it, so a thread is kept for each child as long as it runs. Where these two programs
 * of util-linux are missing, an orphan is ended at the next start instead ({@link LeftRunning}).
 */
final class ChildProcess implements AutoCloseable {
    /** How long a server has to end in good order before it is ended by force. */
    static final Duration STOP_PATIENCE = Duration.ofMillis(2_500);

    private static final Duration KILL_PATIENCE = Duration.ofSeconds(1);
    private static final int SIGNALLED = 128;

    private final String name;
    private final Process process;
    private final Path log;
    private final String stopSignal;

    private ChildProcess(String name, Process process, Path log, String stopSignal) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.stopSignal = stopSignal;
    }

    /**
     * @param before words before the program, such as {@code unshare -U}
     * @param log where its output is added
     * @param stopSignal the signal, as in {@code INT}, on which it ends in good order
     */
    static ChildProcess start(String name, List<String> before, List<String> program, Path log, String stopSignal) {
        List<String> command = new ArrayList<>(before);
        if (isProgram("setsid")) {
            command.add("setsid");
        }
        if (isProgram("setpriv")) {
            command.addAll(List.of("setpriv", "--pdeathsig", stopSignal));
        }
        command.addAll(program);
        if (Files.exists(log) && !(Files.isRegularFile(log) && Files.isWritable(log))) {
            throw new EngineException("The log " + log
                    + " cannot be written: it must be a file of the user that runs Gatehouse." + " Move it away.");
        }
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("engine-" + name).start(() -> {
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .start();
                started.complete(process);
                process.waitFor();
            } catch (IOException e) {
                started.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            return new ChildProcess(name, started.join(), log, stopSignal);
        } catch (CompletionException e) {
            throw new EngineException(
                    "Cannot start " + name + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ".",
                    e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits until it has ended; how it did, to follow its name in a sentence. */
    String awaitEnd() throws InterruptedException {
        int code = process.waitFor();
        return code > SIGNALLED ? "was killed by signal " + (code - SIGNALLED) : "ended with exit code " + code;
    }

    /** The end of what it has written, for a message that says why it did not start. */
    List<String> lastWords() {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - 8), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Stops it in good order, or, when it takes longer than {@link #STOP_PATIENCE}, it and its children by force. */
    @Override
    public void close() {
        ProcessHandle handle = process.toHandle();
        if (!handle.isAlive()) {
            return;
        }
        List<ProcessHandle> children = handle.descendants().toList();
        ask(handle, stopSignal);
        if (!awaitEnd(handle, STOP_PATIENCE)) {
            kill(handle);
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Sends a signal to a process, and wakes it and its children in case they are frozen (SIGSTOP). */
    static void ask(ProcessHandle handle, String signal) {
        send(signal, List.of(handle.pid()));
        List<Long> family = new ArrayList<>(List.of(handle.pid()));
        handle.descendants().map(ProcessHandle::pid).forEach(family::add);
        send("CONT", family);
    }

    private static void kill(ProcessHandle handle) {
        List<ProcessHandle> children = handle.descendants().toList();
        handle.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(handle, KILL_PATIENCE);
    }

    /** Whether it has ended within this time. */
    static boolean awaitEnd(ProcessHandle handle, Duration patience) {
        try {
            handle.onExit()
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            return true;
        } catch (CompletionException e) {
            return !handle.isAlive();
        }
    }

    private static void send(String signal, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static boolean isProgram(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        for (String folder : path.split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name + " (pid " + process.pid() + ")";
    }
}
