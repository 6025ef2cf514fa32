package dev.gatehouse.signals.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.sql.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the feed holds of the time before the snapshot that this service was filled from, beside the live events, until
 * it has reached the snapshot. Each piece and how far it reaches are one transaction: whatever dies, it goes on behind the
 * last whole piece. Where the feed does not reach back so far, it begins with what there is.
 */
final class PastReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PastReader.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Database database;
    private final Feed feed;
    private final FeedToSignals effect;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("signals-past").unstarted(this::read);

    private PastReader(Database database, Feed feed, FeedToSignals effect) {
        this.database = database;
        this.feed = feed;
        this.effect = effect;
    }

    static PastReader start(Database database, Feed feed, FeedToSignals effect) {
        PastReader reader = new PastReader(database, feed, effect);
        reader.thread.start();
        return reader;
    }

    private void read() {
        try {
            do {
                try {
                    // asked first: a service that is filled in between is looked at once more
                    boolean placed = database.jdbi().withHandle(FeedToSignals::isPlaced);
                    while (stop.getCount() > 0 && piece()) {
                        LOG.debug("a piece of the past is read");
                    }
                    if (placed) {
                        return;
                    }
                } catch (IOException | RuntimeException | Error e) {
                    LOG.warn("The past cannot be read now; it will be tried again: {}", e.getMessage());
                }
            } while (!stop.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there was one */
    private boolean piece() throws IOException {
        OptionalLong from = database.jdbi().withHandle(Filling::past);
        if (from.isEmpty()) {
            return false;
        }
        FeedPage page = feed.after(from.getAsLong(), Feed.MAX_EVENTS);
        return database.<Boolean, RuntimeException>asSystem(transaction -> {
            Filling.lock(transaction);
            OptionalLong still = Filling.past(transaction);
            if (still.isEmpty() || still.getAsLong() != from.getAsLong()) {
                return true;
            }
            long end = Filling.quietUntil(transaction);
            List<DomainEvent> events = page.events().stream()
                    .filter(event -> event.sequence() <= end)
                    .toList();
            effect.apply(transaction, events, end);
            Filling.pastReached(
                    transaction, events.isEmpty() ? end : events.getLast().sequence());
            return true;
        });
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
