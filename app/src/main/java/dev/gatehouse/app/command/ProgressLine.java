package dev.gatehouse.app.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;

/** Says on stderr how far a long command is: one line that is written over in a terminal, one line in 10 s elsewhere. */
final class ProgressLine implements AutoCloseable {
    private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LOG_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private final String what;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private final long begun = System.nanoTime();
    private long shown = begun;
    private boolean open;

    ProgressLine(CommandLine command, String what) {
        this.err = command.getErr();
        this.what = what;
    }

    void reach(long count) {
        long now = System.nanoTime();
        if (now - shown < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
            return;
        }
        shown = now;
        String text = String.format(Locale.ROOT, "%,d %s, %,.0f a second", count, what, count / ((now - begun) / 1e9));
        if (terminal) {
            err.print("\r\u001b[K" + text);
            err.flush();
            open = true;
        } else {
            err.println(text);
        }
    }

    @Override
    public void close() {
        if (open) {
            err.print("\r\u001b[K");
            err.flush();
            open = false;
        }
    }
}
