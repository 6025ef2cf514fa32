package dev.gatehouse.runtime.outbox;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.aside.PostgresShelf;
import dev.gatehouse.runtime.feed.EventRules;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a service's outbox to the feed, in order, and removes what the feed has taken. It may die at any step and several
 * may run at once: the feed knows each batch by service and position.
 */
public final class OutboxRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    /** How soon it is seen what another process of the service wrote, or what a table holds from before. */
    private static final Duration POLL = Duration.ofMillis(250);

    /** Between two ways to the feed: a few events cost the same as many, and those of a moment go together. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    private static final int FEW = 50;

    /** Of an import's rows two are as much as one way takes, and a hundred would be read again for each two. */
    private static final int FIRST_ROWS = 4;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Database database;
    private final Outbox outbox;
    private final Feed feed;
    private final PostgresShelf shelf;
    private final AtomicBoolean again = new AtomicBoolean(true);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private int rows = FIRST_ROWS;

    private OutboxRelay(Database database, Outbox outbox, Feed feed, String service) {
        this.database = database;
        this.outbox = outbox;
        this.feed = feed;
        this.shelf = new PostgresShelf(database, service + ".outbox", this::hear);
        feed.shelf(shelf);
        this.thread = Thread.ofVirtual().name("outbox-" + service).unstarted(this::run);
    }

    /** @param database of the service whose outbox it is */
    public static OutboxRelay start(Database database, Outbox outbox, Feed feed) {
        OutboxRelay relay = new OutboxRelay(database, outbox, feed, database.schema());
        relay.thread.start();
        return relay;
    }

    private void hear() {
        again.set(true);
        outbox.wake();
    }

    private void run() {
        Duration pause = MOMENT;
        try {
            while (stop.getCount() > 0) {
                try {
                    if (again.getAndSet(false)) {
                        tryAgain();
                    }
                    while (stop.getCount() > 0 && handOver()) {
                        pause = MOMENT;
                    }
                    pause = MOMENT;
                } catch (IOException | RuntimeException | Error e) {
                    pause = longer(pause);
                    LOG.warn(
                            "The feed does not take the events of {}; they wait in its outbox. Next try in {}.",
                            database.schema(),
                            pause,
                            e);
                }
                if (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS) && pause.equals(MOMENT)) {
                    outbox.awaitCommit(POLL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /**
     * One step: what is next in the outbox, to the feed, and out of the outbox.
     *
     * @return whether more is waiting, or likely to be
     */
    private boolean handOver() throws IOException {
        int asked = rows;
        List<Outbox.Row> found = database.jdbi().withHandle(handle -> outbox.after(handle, 0, asked));
        if (found.isEmpty()) {
            return false;
        }
        List<OutboxBatch> waiting = found.stream().map(Outbox.Row::batch).toList();
        List<OutboxBatch> batches = fitting(waiting);
        rows = batches.size() < waiting.size() ? batches.size() + 1 : Math.min(Feed.MAX_BATCHES, 4 * asked);
        long taken = feed.take(batches);
        if (taken < batches.getFirst().position()) {
            throw new IOException("the feed holds the events of "
                    + batches.getFirst().service() + " up to " + taken + ", and the outbox begins at "
                    + batches.getFirst().position() + ": events between are lost");
        }
        database.<Boolean, RuntimeException>asSystem(transaction -> {
            found.stream()
                    .filter(row -> row.batch().position() <= taken)
                    .flatMap(row -> row.unusable().stream())
                    .forEach(event -> shelf.keep(transaction, event.record(), event.reason(), event.content()));
            outbox.removeUpTo(transaction, taken);
            return true;
        });
        int events = batches.stream().mapToInt(batch -> batch.events().size()).sum();
        return waiting.size() == asked || events >= FEW;
    }

    /** What an operator wants to be tried again is appended anew, when it can be read by now. */
    private void tryAgain() {
        for (String record : shelf.wanted()) {
            database.<Boolean, RuntimeException>asSystem(transaction -> {
                String content = shelf.content(transaction, record);
                Optional<DomainEvent> event = content == null ? Optional.empty() : read(content);
                if (event.isPresent()) {
                    long unused = outbox.append(transaction, List.of(event.get()));
                    shelf.used(transaction, record);
                } else {
                    shelf.put(transaction, record, "it still cannot be read as an event", content);
                }
                return true;
            });
        }
    }

    private static Optional<DomainEvent> read(String content) {
        try {
            DomainEvent event = Json.read(content, DomainEvent.class);
            return EventRules.fault(event).isEmpty() ? Optional.of(event) : Optional.empty();
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static List<OutboxBatch> fitting(List<OutboxBatch> waiting) {
        List<OutboxBatch> batches = new ArrayList<>();
        int events = 0;
        for (OutboxBatch batch : waiting) {
            events += batch.events().size();
            if (events > Feed.MAX_EVENTS && !batches.isEmpty()) {
                break;
            }
            batches.add(batch);
        }
        return batches;
    }

    @Override
    public void close() {
        stop.countDown();
        outbox.wake();
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
