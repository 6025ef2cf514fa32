package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.webhooks.delivery.DeliveryStore.Recorded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes results down, many in one transaction, and tells what they led to. While the database is away it tries again. */
final class Recorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final int BATCH = 500;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final DeliveryStore store;
    private final Judge judge;
    private final Consumer<Recorded> then;
    private final BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    Recorder(DeliveryStore store, Judge judge, Consumer<Recorded> then) {
        this.store = store;
        this.judge = judge;
        this.then = then;
        this.thread = Thread.ofPlatform().name("webhook-results").daemon().start(this::run);
    }

    void add(Finished one) {
        finished.add(one);
    }

    private void run() {
        List<Finished> batch = new ArrayList<>();
        while (!closed || !finished.isEmpty()) {
            try {
                Finished first = finished.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                finished.drainTo(batch, BATCH - 1);
                write(batch);
            } catch (InterruptedException e) {
                return;
            } finally {
                batch.clear();
            }
        }
    }

    private void write(List<Finished> batch) throws InterruptedException {
        while (true) {
            try {
                then.accept(store.record(List.copyOf(batch), judge));
                return;
            } catch (RuntimeException | Error e) {
                if (closed) {
                    LOG.warn("{} results are not written down; those deliveries will be made again.", batch.size(), e);
                    return;
                }
                LOG.warn("{} results cannot be written down yet.", batch.size(), e);
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Writes what there is, then stops. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
