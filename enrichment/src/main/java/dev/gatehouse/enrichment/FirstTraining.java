package dev.gatehouse.enrichment;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the first models of a new installation as soon as it has sales, in the background. Other markets may still be on
 * their way then, so it looks a few times more; whatever comes later is the schedule's.
 */
final class FirstTraining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FirstTraining.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final int LOOKS = 18;

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
        try {
            int looks = 0;
            while (looks < LOOKS) {
                looks += look(filled, models) ? 1 : 0;
                Thread.sleep(looks == 0 ? AGAIN : LATER);
            }
        } catch (InterruptedException e) {
            LOG.debug("the first training was stopped");
        }
    }

    /** @return whether there was anything to look at */
    private static boolean look(BooleanSupplier filled, Models models) {
        try {
            if (!filled.getAsBoolean()) {
                return false;
            }
            var unused = models.train(Models.Which.NEW);
            return true;
        } catch (RuntimeException e) {
            LOG.warn("The first models cannot be trained yet; it will be tried again.", e);
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
