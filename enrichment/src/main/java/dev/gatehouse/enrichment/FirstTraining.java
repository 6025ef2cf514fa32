package dev.gatehouse.enrichment;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the first models of a new installation as soon as it has sales, in the background. */
final class FirstTraining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FirstTraining.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Thread thread;

    private FirstTraining(Thread thread) {
        this.thread = thread;
    }

    /** @param filled whether the service has taken its first snapshot of sales */
    static FirstTraining start(BooleanSupplier filled, Models models) {
        Thread thread = Thread.ofPlatform()
                .name("enrichment-first-training")
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .unstarted(() -> run(filled, models));
        thread.start();
        return new FirstTraining(thread);
    }

    private static void run(BooleanSupplier filled, Models models) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (filled.getAsBoolean()) {
                    var unused = models.train(Models.Which.NEW);
                    return;
                }
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("The first models cannot be trained yet; it will be tried again.", e);
                try {
                    Thread.sleep(AGAIN);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
