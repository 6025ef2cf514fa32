package dev.gatehouse.metering.accesslog;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The calls of an access log by caller and hour. Memory grows with callers and hours, not with lines. */
public final class LogCount {
    private static final int LONGEST_LINE = 64 * 1024;
    private static final int MOST_CALLERS = 100_000;
    private static final int PROGRESS = 100_000;

    /** Calls of an hour: those that a gateway would have let in, and those that it would have refused. */
    public record Hour(long calls, long refusals) {
        Hour plus(Hour other) {
            return new Hour(calls + other.calls, refusals + other.refusals);
        }
    }

    private final Map<String, TreeMap<Instant, Hour>> callers = new TreeMap<>();
    private long lines;
    private long broken;
    private long anonymous;
    private @Nullable Instant first;
    private @Nullable Instant last;

    /**
     * Counts a log. Empty lines are passed over.
     *
     * @param rejects hears the number and text of each line that cannot be counted, with the reason before the text
     * @param progress hears the number of lines from time to time
     */
    public static LogCount of(
            InputStream log, LogFormat format, BiConsumer<Long, String> rejects, LongConsumer progress)
            throws IOException {
        LogCount count = new LogCount();
        InputStream in = log instanceof BufferedInputStream ? log : new BufferedInputStream(log, 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long dropped = 0;
        for (int octet = in.read(); octet >= 0 || line.size() > 0; octet = in.read()) {
            if (octet >= 0 && octet != '\n') {
                if (line.size() < LONGEST_LINE) {
                    line.write(octet);
                } else {
                    dropped++;
                }
                continue;
            }
            count.take(line.toString(StandardCharsets.UTF_8).stripTrailing(), dropped, format, rejects);
            line.reset();
            dropped = 0;
            if (count.lines % PROGRESS == 0) {
                progress.accept(count.lines);
            }
            if (octet < 0) {
                break;
            }
        }
        return count;
    }

    private void take(String line, long dropped, LogFormat format, BiConsumer<Long, String> rejects) {
        lines++;
        if (line.isEmpty()) {
            return;
        }
        LogLine read =
                dropped > 0 ? new LogLine.Broken("is longer than " + LONGEST_LINE + " octets") : format.read(line);
        switch (read) {
            case LogLine.Broken(String reason) -> {
                broken++;
                rejects.accept(lines, reason + ": " + line);
            }
            case LogLine.Call call -> add(call, line, rejects);
        }
    }

    private void add(LogLine.Call call, String line, BiConsumer<Long, String> rejects) {
        if (call.caller().isEmpty()) {
            anonymous++;
        } else if (callers.size() >= MOST_CALLERS && !callers.containsKey(call.caller())) {
            broken++;
            rejects.accept(lines, "is of one caller too many, after " + MOST_CALLERS + ": " + line);
            return;
        }
        if (first == null || call.at().isBefore(first)) {
            first = call.at();
        }
        if (last == null || call.at().isAfter(last)) {
            last = call.at();
        }
        Hour one = isRefusal(call.status()) ? new Hour(0, 1) : new Hour(1, 0);
        callers.computeIfAbsent(call.caller(), c -> new TreeMap<>())
                .merge(call.at().truncatedTo(ChronoUnit.HOURS), one, Hour::plus);
    }

    /** What a gateway does not let in, and so never becomes a call in the ledger. */
    private static boolean isRefusal(int status) {
        return status == 401 || status == 403 || status == 429;
    }

    /** By caller and hour; calls that tell no caller stand under the empty text. */
    public Map<String, TreeMap<Instant, Hour>> callers() {
        return callers;
    }

    public long lines() {
        return lines;
    }

    /** Lines that could not be counted. */
    public long broken() {
        return broken;
    }

    /** Calls that tell no caller. */
    public long anonymous() {
        return anonymous;
    }

    /** The earliest call; null when there is none. */
    public @Nullable Instant first() {
        return first;
    }

    /** The latest call; null when there is none. */
    public @Nullable Instant last() {
        return last;
    }
}
