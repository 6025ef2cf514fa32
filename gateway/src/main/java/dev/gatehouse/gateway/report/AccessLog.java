package dev.gatehouse.gateway.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log's file, one JSON object a line, written by a thread of its own in large pieces. At 256 MiB it moves to
 * {@code .1} (and that to {@code .2}, up to {@code .4}). When the disk is slower than the traffic, or takes nothing more,
 * pieces are dropped and counted: no call waits for its log line.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final long ROTATE_BYTES = 256L << 20;
    private static final int KEPT = 4;
    private static final long RETRY_MILLIS = 1_000;

    private final Path file;
    private final BlockingQueue<String> pieces = new ArrayBlockingQueue<>(256);
    private final AtomicLong dropped = new AtomicLong();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread writer;
    private boolean failing;

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

    /** Pieces that were dropped because the disk was too slow or took nothing. */
    public long dropped() {
        return dropped.get();
    }

    private void write() {
        try {
            while (!stop.await(0, TimeUnit.MILLISECONDS) || !pieces.isEmpty()) {
                try {
                    Files.createDirectories(file.toAbsolutePath().getParent());
                    append();
                } catch (IOException e) {
                    fail(e);
                    var unused = stop.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(IOException e) {
        if (!failing) {
            failing = true;
            LOG.error("the access log {} cannot be written, lines are dropped until it can: {}", file, e.toString());
        }
        List<String> lost = new ArrayList<>();
        dropped.addAndGet(pieces.drainTo(lost));
    }

    private void append() throws IOException, InterruptedException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (size < ROTATE_BYTES) {
                String piece = pieces.poll(200, TimeUnit.MILLISECONDS);
                if (piece != null) {
                    size += append(piece, out);
                } else if (stop.getCount() == 0) {
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

    private int append(String piece, OutputStream out) throws IOException {
        byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
        } catch (IOException e) {
            dropped.incrementAndGet();
            throw e;
        }
        if (failing) {
            failing = false;
            LOG.info("the access log {} is written again", file);
        }
        return bytes.length;
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            writer.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
