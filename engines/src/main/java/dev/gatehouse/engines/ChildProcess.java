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
 * of util-linux are missing, an orphan is stopped at the next start instead ({@link #stopOrphan}).
 */
final class ChildProcess implements AutoCloseable {
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
            throw new EngineException("Cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** The end of what it has written, for a message that says why it did not start. */
    String lastWords() {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        } catch (IOException e) {
            return "(its log " + log + " cannot be read)";
        }
    }

    /** Stops it in good order, or by force after 20 s. */
    @Override
    public void close() {
        stop(process.toHandle(), stopSignal, Duration.ofSeconds(20));
    }

    /**
     * Stops what an earlier run left behind.
     *
     * @param pid what the pid file names; it may long be somebody else's
     * @param mark a part of the command line by which it is known as ours
     */
    static void stopOrphan(long pid, String mark, String stopSignal) {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (handle.isPresent() && commandLine(pid).contains(mark)) {
            stop(handle.get(), stopSignal, Duration.ofSeconds(20));
        }
    }

    private static void stop(ProcessHandle handle, String signal, Duration patience) {
        if (!handle.isAlive()) {
            return;
        }
        send(signal, handle.pid());
        CompletableFuture<ProcessHandle> end = handle.onExit();
        try {
            end.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            handle.descendants().forEach(ProcessHandle::destroyForcibly);
            handle.destroyForcibly();
            handle.onExit()
                    .orTimeout(5, TimeUnit.SECONDS)
                    .exceptionally(late -> handle)
                    .join();
        }
    }

    private static void send(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String commandLine(long pid) {
        try {
            byte[] raw = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return new String(raw, StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (IOException e) {
            return "";
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
