package dev.gatehouse.runtime.feed;

import dev.gatehouse.runtime.queue.Queue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a consumer up with the feed. The queue's messages are hints that say "there is more"; the feed is the truth: it is
 * asked at start, at every hint, and when nothing was heard for {@link Options#patience}. A queue that loses messages,
 * repeats or reorders them costs time, never an event.
 */
public final class FeedConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedConsumer.class);
    private static final Duration WAIT = Duration.ofSeconds(5);

    /**
     * @param patience how long nothing may be heard before the feed is asked again
     * @param afterFailure how long to wait after the feed or the database failed
     */
    public record Options(Duration patience, Duration afterFailure) {
        public static Options usual() {
            return new Options(Duration.ofSeconds(30), Duration.ofMillis(500));
        }
    }

    private final String name;
    private final Feed feed;
    private final Queue hints;
    private final FeedCursor cursor;
    private final FeedEffect effect;
    private final Options options;
    private final Semaphore heard = new Semaphore(0);
    private final Thread listener;
    private final Thread pump;
    private volatile boolean closed;

    private FeedConsumer(String name, Feed feed, Queue hints, FeedCursor cursor, FeedEffect effect, Options options) {
        this.name = name;
        this.feed = feed;
        this.hints = hints;
        this.cursor = cursor;
        this.effect = effect;
        this.options = options;
        this.listener = Thread.ofVirtual().name("feed-hints-" + name).unstarted(this::listen);
        this.pump = Thread.ofVirtual().name("feed-" + name).unstarted(this::pump);
    }

    /** @param hints the queue of this consumer, see {@link #queueName} */
    public static FeedConsumer start(
            String name, Feed feed, Queue hints, FeedCursor cursor, FeedEffect effect, Options options) {
        FeedConsumer consumer = new FeedConsumer(name, feed, hints, cursor, effect, options);
        consumer.pump.start();
        consumer.listener.start();
        return consumer;
    }

    /** The queue on which a consumer is told of news. */
    public static String queueName(String consumer) {
        return "gatehouse-feed-" + consumer;
    }

    private void listen() {
        while (!closed) {
            try {
                List<Queue.Message> messages = hints.receive(10, WAIT);
                if (!messages.isEmpty()) {
                    heard.release();
                    messages.forEach(hints::delete);
                }
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.warn("The queue of {} does not answer; the feed is asked every {}.", name, options.patience, e);
                    pause();
                }
            }
        }
    }

    private void pump() {
        while (!closed) {
            try {
                catchUp();
                if (heard.tryAcquire(options.patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    heard.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.warn("{} cannot follow the feed; it will try again.", name, e);
                    pause();
                }
            }
        }
    }

    /** Applies everything that the feed holds beyond the cursor. */
    private void catchUp() throws IOException {
        long at = cursor.position();
        while (!closed) {
            FeedPage page = feed.after(at, Feed.MAX_EVENTS);
            if (page.events().isEmpty()) {
                if (page.last() < at) {
                    LOG.error("{} is at {}, but the feed ends at {}: it was put back.", name, at, page.last());
                }
                return;
            }
            long reached = cursor.apply(page.events(), effect);
            if (reached < page.events().getFirst().sequence() - 1) {
                throw new IOException("the feed leaves out " + (reached + 1) + " to "
                        + (page.events().getFirst().sequence() - 1));
            }
            at = reached;
        }
    }

    private void pause() {
        try {
            Thread.sleep(options.afterFailure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** Stops after the events at hand. */
    @Override
    public void close() {
        closed = true;
        heard.release();
        listener.interrupt();
        try {
            if (!pump.join(Duration.ofSeconds(10))) {
                pump.interrupt();
            }
        } catch (InterruptedException e) {
            pump.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
