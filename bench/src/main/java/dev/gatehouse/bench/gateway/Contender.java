package dev.gatehouse.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of those that are measured.
 *
 * @param name as the report has it
 * @param process its main process
 * @param port where it listens
 * @param keys the file of keys that its load uses
 */
record Contender(String name, Process process, int port, Path keys) {

    /** CPU time of all its threads so far in nanoseconds, from the kernel's scheduler. */
    long cpuNanos() throws IOException {
        long sum = 0;
        for (long pid : pids()) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
                for (Path task : tasks.toList()) {
                    String stat = Files.readString(task.resolve("schedstat"));
                    sum += Long.parseLong(stat.substring(0, stat.indexOf(' ')));
                }
            }
        }
        return sum;
    }

    /** Memory that is resident now, in KiB. */
    long residentKib() throws IOException {
        long sum = 0;
        for (long pid : pids()) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    sum += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return sum;
    }

    private List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        pids.add(process.pid());
        process.descendants().forEach(child -> pids.add(child.pid()));
        return pids;
    }
}
