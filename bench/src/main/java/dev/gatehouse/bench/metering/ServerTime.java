package dev.gatehouse.bench.metering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * CPU time of a server and its children, those that are gone included.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat</a>
 */
final class ServerTime {
    private static final long TICK_NANOS = 10_000_000L;

    private final long pid;

    ServerTime(long pid) {
        this.pid = pid;
    }

    long nanos() {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // utime, stime, cutime, cstime are fields 14 to 17; the name in field 2 may hold spaces
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long gone = (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * TICK_NANOS;
            long sum = gone + running(pid);
            for (ProcessHandle child : ProcessHandle.of(pid).stream()
                    .flatMap(ProcessHandle::descendants)
                    .toList()) {
                sum += running(child.pid());
            }
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long running(long process) {
        long sum = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process + "/task"))) {
            for (Path task : tasks.toList()) {
                String times = Files.readString(task.resolve("schedstat"));
                sum += Long.parseLong(times.substring(0, times.indexOf(' ')));
            }
        } catch (IOException e) {
            // it ended in between: its parent counts it
            return sum;
        }
        return sum;
    }
}
