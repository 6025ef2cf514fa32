package dev.gatehouse.runtime.feed;

import dev.gatehouse.runtime.aside.PostgresShelf;
import dev.gatehouse.runtime.queue.Queue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final Duration PLACE_PAUSE = Duration.ofMillis(100);
    private static final int PLACE_TRIES = 200;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    /**
     * @param patience how long nothing may be heard before the feed is asked again
     * @param afterFailure how long to wait after the feed or the database failed
     */
    public record Options(Duration patience, Duration afterFailure) {
        public static Options usual() {
            return new Options(Duration.ofSeconds(30), Duration.ofMillis(500));
        }
    }

    /** Where a consumer begins that is new. */
    private sealed interface Beginning {
        record AtStart() implements Beginning {}

        record AtEnd() implements Beginning {}

        record Filled(SnapshotSource snapshots) implements Beginning {}
    }

    private final String name;
    private final Feed feed;
    private final Queue hints;
    private final FeedCursor cursor;
    private final FeedEffect effect;
    private final PostgresShelf shelf;
    private final Options options;
    private final Beginning beginning;
    private final CountDownLatch placed = new CountDownLatch(1);
    private final AtomicBoolean again = new AtomicBoolean(true);
    private final Semaphore heard = new Semaphore(0);
    private final Thread listener;
    private final Thread pump;
    private volatile boolean closed;
    private volatile boolean filling;

    private FeedConsumer(
            String name,
            Feed feed,
            Queue hints,
            FeedCursor cursor,
            FeedEffect effect,
            Options options,
            Beginning beginning) {
        this.name = name;
        this.feed = feed;
        this.hints = hints;
        this.cursor = cursor;
        this.effect = effect;
        this.shelf = cursor.shelf(this::hear);
        this.options = options;
        this.beginning = beginning;
        this.listener = Thread.ofVirtual().name("feed-hints-" + name).unstarted(this::listen);
        this.pump = Thread.ofVirtual().name("feed-" + name).unstarted(this::pump);
    }

    /**
     * Starts a consumer that begins, when it is new, at the feed's start.
     *
     * @param hints the queue of this consumer, see {@link #queueName}
     */
    public static FeedConsumer start(
            String name, Feed feed, Queue hints, FeedCursor cursor, FeedEffect effect, Options options) {
        return begin(new FeedConsumer(name, feed, hints, cursor, effect, options, new Beginning.AtStart()));
    }

    /**
     * Starts a consumer that is filled, when it is new, from a snapshot, and then goes on in the feed right behind it.
     *
     * @param hints the queue of this consumer, see {@link #queueName}
     * @param snapshots of the one service whose events it consumes
     */
    public static FeedConsumer startFilled(
            String name,
            Feed feed,
            Queue hints,
            FeedCursor cursor,
            FeedEffect effect,
            Options options,
            SnapshotSource snapshots) {
        return begin(new FeedConsumer(name, feed, hints, cursor, effect, options, new Beginning.Filled(snapshots)));
    }

    /**
     * Starts a consumer that needs no past: when it is new it begins at the feed's end, and whenever its effect is idle it
     * goes there without reading what is between.
     *
     * @param hints the queue of this consumer, see {@link #queueName}
     */
    public static FeedConsumer startAtEnd(
            String name, Feed feed, Queue hints, FeedCursor cursor, FeedEffect effect, Options options) {
        return begin(new FeedConsumer(name, feed, hints, cursor, effect, options, new Beginning.AtEnd()));
    }

    private static FeedConsumer begin(FeedConsumer consumer) {
        consumer.feed.shelf(consumer.shelf);
        consumer.pump.start();
        consumer.listener.start();
        return consumer;
    }

    private void hear() {
        again.set(true);
        heard.release();
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
            } catch (RuntimeException | Error e) {
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
                if (place()) {
                    placed.countDown();
                    catchUp();
                    if (again.getAndSet(false)) {
                        tryAgain();
                    }
                }
                if (heard.tryAcquire(options.patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    heard.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                // an Error too: a consumer that ended here would stand still unseen
                if (!closed) {
                    LOG.warn("{} cannot follow the feed; it will try again.", name, e);
                    pause();
                }
            }
        }
    }

    /**
     * Waits until the consumer has its place in the feed: events that are committed from then on reach it.
     *
     * @return false when it has none yet after that time
     */
    public boolean awaitPlace(Duration atMost) throws InterruptedException {
        return placed.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @return whether there may be more to read than what the consumer stands at */
    private boolean place() throws IOException, InterruptedException {
        return switch (beginning) {
            case Beginning.AtStart() -> true;
            case Beginning.Filled(SnapshotSource snapshots) -> {
                fill(snapshots);
                yield true;
            }
            case Beginning.AtEnd() -> {
                boolean atEnd = !cursor.isWanting(effect)
                        && cursor.moveToEnd(feed.after(Long.MAX_VALUE, 1).last(), effect);
                placed.countDown();
                yield !atEnd;
            }
        };
    }

    /** Takes a snapshot into a consumer that is new. */
    private void fill(SnapshotSource snapshots) throws IOException, InterruptedException {
        if (placed.getCount() == 0 || cursor.isPlaced()) {
            return;
        }
        try (Snapshot snapshot = snapshots.open()) {
            long sequence = behind(snapshot);
            filling = true;
            if (cursor.fill(snapshot, sequence, effect)) {
                LOG.info(
                        "{} was filled from the snapshot of {} and goes on in the feed after {}",
                        name,
                        snapshot.service(),
                        sequence);
            }
        } finally {
            filling = false;
        }
    }

    /** Where the snapshot ends in the feed, which may still have to take the last of what it holds. */
    private long behind(Snapshot snapshot) throws IOException, InterruptedException {
        for (int i = 0; i < PLACE_TRIES && !closed; i++) {
            OptionalLong sequence = feed.sequenceAt(snapshot.service(), snapshot.position());
            if (sequence.isPresent()) {
                return sequence.getAsLong();
            }
            Thread.sleep(PLACE_PAUSE);
        }
        throw new IOException(
                "the feed has not taken position " + snapshot.position() + " of " + snapshot.service() + " yet");
    }

    /** Applies everything that the feed holds beyond the cursor. */
    private void catchUp() throws IOException {
        long at = cursor.position();
        while (!closed) {
            FeedPage page = feed.after(at, Feed.MAX_EVENTS);
            if (page.isEmpty()) {
                if (page.last() < at) {
                    LOG.error("{} is at {}, but the feed ends at {}: it was put back.", name, at, page.last());
                }
                return;
            }
            long reached = cursor.apply(page, effect, shelf);
            if (reached < page.firstSequence() - 1) {
                throw new IOException("the feed leaves out " + (reached + 1) + " to " + (page.firstSequence() - 1));
            }
            at = reached;
            if (at >= page.last()) {
                // what is committed after that answer is told by a hint that comes after it too
                return;
            }
        }
    }

    /** What an operator wants to be tried again is read from the feed once more, which is the truth. */
    private void tryAgain() throws IOException {
        for (String record : shelf.wanted()) {
            long sequence = Long.parseLong(record.substring(record.indexOf(' ') + 1));
            FeedPage page = feed.after(sequence - 1, 1);
            if (!page.unreadable().isEmpty()) {
                cursor.stillUnusable(
                        shelf, sequence, page.unreadable().getFirst().reason());
            } else if (page.events().isEmpty() || page.events().getFirst().sequence() != sequence) {
                cursor.stillUnusable(shelf, sequence, "the feed does not hold it any more: drop it");
            } else {
                cursor.again(page.events().getFirst(), effect, shelf);
            }
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

    /** Stops after the events at hand; a snapshot that is being taken in is left, and taken in whole by the next start. */
    @Override
    public void close() {
        closed = true;
        heard.release();
        listener.interrupt();
        try {
            if (filling || !pump.join(STOP_PATIENCE)) {
                pump.interrupt();
                pump.join(STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            pump.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
