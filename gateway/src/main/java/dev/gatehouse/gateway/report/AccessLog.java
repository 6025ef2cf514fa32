package dev.gatehouse.gateway.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log's file, one JSON object a line, written by a thread of its own in large pieces. At 256 MiB it moves to
 * {@code .1} (and that to {@code .2}, up to {@code .4}). When the disk is slower than the traffic, pieces are dropped and
 * counted: no call waits for its log line.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final long ROTATE_BYTES = 256L << 20;
    private static final int KEPT = 4;

    private final Path file;
    private final BlockingQueue<String> pieces = new ArrayBlockingQueue<>(256);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closed;

    public AccessLog(Path file) {
        this.file = file;
        writer = Thread.ofPlatform().daemon().name("access-log").start(this::write);
    }

    /** Takes whole lines. */
    public void add(String lines) {
        if (!pieces.offer(lines)) {
            dropped.incrementAndGet();
        }
    }

    /** Pieces that were dropped because the disk was too slow. */
    public long dropped() {
        return dropped.get();
    }

    private void write() {
        while (!closed || !pieces.isEmpty()) {
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                append();
            } catch (IOException e) {
                LOG.error("the access log {} cannot be written: {}", file, e.toString());
                dropped.addAndGet(pieces.size());
                pieces.clear();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void append() throws IOException, InterruptedException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (size < ROTATE_BYTES) {
                String piece = pieces.poll(200, TimeUnit.MILLISECONDS);
                if (piece != null) {
                    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
                    out.write(bytes);
                    size += bytes.length;
                } else if (closed) {
                    return;
                }
            }
        }
        for (int i = KEPT - 1; i >= 0; i--) {
            Path from = i == 0 ? file : file.resolveSibling(file.getFileName() + "." + i);
            if (Files.exists(from)) {
                Files.move(
                        from,
                        file.resolveSibling(file.getFileName() + "." + (i + 1)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
