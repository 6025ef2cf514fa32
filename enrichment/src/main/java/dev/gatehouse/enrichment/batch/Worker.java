package dev.gatehouse.enrichment.batch;

import dev.gatehouse.runtime.queue.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does jobs. The queue says which; the database is the truth: rows are taken there, so that two workers told of one job do
 * different rows of it, and jobs that the queue forgot are found by a look at the open ones. A worker that dies leaves its
 * rows as they were.
 */
public final class Worker implements AutoCloseable {
    /** The queue of jobs' ids. */
    public static final String QUEUE = "gatehouse-enrichment-jobs";

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
    private static final int ROWS_AT_ONCE = 25;

    private final BatchStore store;
    private final Queue queue;
    private final RowAnswer.Answerer answerer;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private Worker(BatchStore store, Queue queue, RowAnswer.Answerer answerer) {
        this.store = store;
        this.queue = queue;
        this.answerer = answerer;
    }

    public static Worker start(BatchStore store, Queue queue, RowAnswer.Answerer answerer) {
        Worker worker = new Worker(store, queue, answerer);
        worker.threads.add(Thread.ofVirtual().name("enrichment-jobs").start(() -> worker.repeat(worker::listen)));
        worker.threads.add(Thread.ofVirtual().name("enrichment-open-jobs").start(() -> worker.repeat(worker::look)));
        return worker;
    }

    /** Tells whoever listens of a job. */
    public void offer(BatchJob job) {
        try {
            queue.send(job.tenant().value(), job.id(), Duration.ZERO);
        } catch (RuntimeException | Error e) {
            LOG.warn("The queue does not take the job {}; it is found by the next look at the open ones.", job.id(), e);
        }
    }

    private interface Turn {
        void run() throws InterruptedException;
    }

    private void repeat(Turn turn) {
        while (!closed) {
            try {
                turn.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                if (!closed) {
                    LOG.warn("Jobs wait for what failed; it is tried again.", e);
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void listen() {
        for (Queue.Message message : queue.receive(1, WAIT)) {
            work(message.body());
            queue.delete(message);
        }
    }

    private void look() throws InterruptedException {
        store.open().forEach(this::work);
        Thread.sleep(LOOK_EVERY);
    }

    private void work(String job) {
        int taken;
        do {
            taken = closed ? 0 : store.work(job, ROWS_AT_ONCE, answerer);
        } while (taken > 0);
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofSeconds(10))) {
                    LOG.warn("{} does not end", thread.getName());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
