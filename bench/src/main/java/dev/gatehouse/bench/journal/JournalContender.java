package dev.gatehouse.bench.journal;

import dev.gatehouse.kernel.usage.UsageEvent;
import java.io.IOException;
import java.nio.file.Path;

/** A way to write events down. Others than ours are found on the class path ({@link java.util.ServiceLoader}). */
public interface JournalContender extends AutoCloseable {
    String name();

    /** What is left of the last events when the process is killed, in words. */
    String survives();

    void open(Path folder) throws IOException;

    /** One thread appends. */
    void append(UsageEvent event) throws IOException;

    @Override
    void close() throws IOException;
}
