package dev.gatehouse.engines;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an earlier server left running on its data: the server itself, when its JVM died and could not take it along, or its
 * children, when it was killed alone. PostgreSQL's backends finish what they are at before they notice that, and until then
 * their memory keeps a new server from starting.
 *
 * <p>They are known by the folder that they work in and by their program (proc(5): {@code cwd}, {@code exe}), and not by a
 * number in a file, which may be anybody's by now.
 */
final class LeftRunning {
    private static final Duration GOOD_ORDER = Duration.ofSeconds(5);
    private static final Duration BY_FORCE = Duration.ofSeconds(5);

    private LeftRunning() {}

    /**
     * Ends them all: first asks the one that leads the others, then kills what is left.
     *
     * @param folder that they work in
     * @param program the name of their program's file
     * @param leader its number by the server's own file, if there is one that can be read
     * @param stopSignal on which the leader ends in good order
     * @throws EngineException when one of them cannot be ended
     */
    static void end(Path folder, String program, Optional<Long> leader, String stopSignal) {
        List<ProcessHandle> found = find(folder, program);
        if (found.isEmpty()) {
            return;
        }
        found.stream()
                .filter(process -> leader.filter(pid -> pid == process.pid()).isPresent())
                .forEach(process -> {
                    ChildProcess.ask(process, stopSignal);
                    ChildProcess.awaitEnd(process, GOOD_ORDER);
                });
        List<ProcessHandle> rest = find(folder, program);
        rest.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : rest) {
            if (!ChildProcess.awaitEnd(process, BY_FORCE)) {
                throw new EngineException("An earlier " + program + " (process " + process.pid() + ") still uses "
                        + folder + " and does not end. End it, then start again.");
            }
        }
    }

    static List<ProcessHandle> find(Path folder, String program) {
        List<ProcessHandle> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            Path real = folder.toRealPath();
            for (Path process : processes) {
                if (isThere(process, real, program)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new EngineException("Cannot look for what still runs on " + folder + ": " + e.getMessage(), e);
        }
        return found;
    }

    private static boolean isThere(Path process, Path folder, String program) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(folder)
                    && Files.readSymbolicLink(process.resolve("exe")).endsWith(program);
        } catch (IOException e) {
            // gone meanwhile, or another user's, who cannot have our folder
            return false;
        }
    }
}
