package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.aside.PostgresShelf;
import dev.gatehouse.runtime.sql.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * How far a consumer has applied the feed, kept in its own schema. The cursor's row is locked while events are applied, so
 * that of several processes of one consumer each event is applied by one.
 *
 * <p>The consumer's migration creates the table:
 *
 * <pre>{@code
 * CREATE TABLE feed_cursor (consumer text PRIMARY KEY, sequence bigint NOT NULL);
 * }</pre>
 */
public final class FeedCursor {
    private final Database database;
    private final String consumer;

    public FeedCursor(Database database, String consumer) {
        this.database = database;
        this.consumer = consumer;
    }

    /** The last applied sequence; 0 before the first. */
    public long position() {
        return database.<Long, RuntimeException>asSystem(
                handle -> handle.createQuery("SELECT sequence FROM feed_cursor WHERE consumer = :consumer")
                        .bind("consumer", consumer)
                        .mapTo(Long.class)
                        .findOne()
                        .orElse(0L));
    }

    /** Whether the consumer has a place in the feed; a new one has none. */
    boolean isPlaced() {
        return database.<Boolean, RuntimeException>asSystem(
                handle -> handle.createQuery("SELECT EXISTS (SELECT FROM feed_cursor WHERE consumer = :consumer)")
                        .bind("consumer", consumer)
                        .mapTo(Boolean.class)
                        .one());
    }

    /**
     * Takes a whole snapshot and places the consumer behind it, in one transaction: when anything breaks off, the consumer
     * is as new as before.
     *
     * @param sequence that the snapshot's position ended with
     * @return whether it was taken; not when the consumer has got a place in the meantime
     */
    boolean fill(Snapshot snapshot, long sequence, FeedEffect effect) throws IOException {
        boolean taken = database.<Boolean, IOException>asSystem(transaction -> {
            if (startAt(transaction, sequence) == 0) {
                return false;
            }
            effect.fill(transaction, snapshot);
            return true;
        });
        if (taken) {
            database.analyze();
        }
        return taken;
    }

    /**
     * Places a new consumer; one that has a place keeps it.
     *
     * @return how many were placed: 1 or 0
     */
    public int startAt(Handle transaction, long sequence) {
        return transaction
                .createUpdate("INSERT INTO feed_cursor (consumer, sequence) VALUES (:consumer, :sequence)"
                        + " ON CONFLICT DO NOTHING")
                .bind("consumer", consumer)
                .bind("sequence", sequence)
                .execute();
    }

    /**
     * Moves a consumer that needs no past to the feed's end, when it is new or its effect is idle.
     *
     * @param end the feed's last sequence, read before this call: whoever makes the effect wanted afterwards gets all that
     *     is committed afterwards
     * @return whether the consumer is at the end, or beyond
     */
    boolean moveToEnd(long end, FeedEffect effect) {
        return database.<Boolean, RuntimeException>asSystem(transaction -> {
            if (startAt(transaction, end) == 1) {
                return true;
            }
            long at = transaction
                    .createQuery("SELECT sequence FROM feed_cursor WHERE consumer = :consumer FOR UPDATE")
                    .bind("consumer", consumer)
                    .mapTo(Long.class)
                    .one();
            if (at >= end) {
                return true;
            }
            if (!effect.isIdle(transaction)) {
                return false;
            }
            return transaction
                            .createUpdate("UPDATE feed_cursor SET sequence = :end WHERE consumer = :consumer")
                            .bind("end", end)
                            .bind("consumer", consumer)
                            .execute()
                    == 1;
        });
    }

    /** Whether the consumer is placed and its effect needs events. */
    boolean isWanting(FeedEffect effect) {
        return isPlaced() && database.<Boolean, RuntimeException>asSystem(handle -> !effect.isIdle(handle));
    }

    /** Where events go that the consumer cannot apply. */
    PostgresShelf shelf(Runnable again) {
        return new PostgresShelf(database, consumer + ".feed", again);
    }

    /**
     * Applies those of the page's events that are new. What cannot be read, or applied, is set aside in the same transaction,
     * and the others are applied without it.
     *
     * @return the last applied sequence afterwards; smaller than the first event's when events before it are missing, and
     *     then nothing was applied
     * @throws RuntimeException when nothing was applied for a reason that may pass, or that lies with the database
     */
    long apply(FeedPage page, FeedEffect effect, PostgresShelf shelf) {
        try {
            return attempt(page, shelf, (transaction, events) -> List.of(effect.apply(transaction, events)));
        } catch (RuntimeException | StackOverflowError e) {
            if (Database.mayPass(e)) {
                throw e;
            }
            return attempt(page, shelf, new Isolation(effect, shelf)::apply);
        }
    }

    /** Applies events in a transaction and says what to do once it is committed. */
    private interface Way {
        List<Runnable> apply(Handle transaction, List<DomainEvent> events);
    }

    private long attempt(FeedPage page, PostgresShelf shelf, Way way) {
        List<Runnable> then = new ArrayList<>();
        long reached = database.<Long, RuntimeException>asSystem(transaction -> {
            then.clear();
            int unused = startAt(transaction, 0);
            long at = locked(transaction);
            FeedPage fresh = page.behind(at);
            if (fresh.isEmpty() || fresh.firstSequence() != at + 1) {
                return at;
            }
            for (UnreadableEvent event : fresh.unreadable()) {
                shelf.put(transaction, record(event.sequence()), event.reason(), null);
            }
            if (!fresh.events().isEmpty()) {
                then.addAll(way.apply(transaction, fresh.events()));
            }
            long last = fresh.lastSequence();
            transaction
                    .createUpdate("UPDATE feed_cursor SET sequence = :last WHERE consumer = :consumer")
                    .bind("last", last)
                    .bind("consumer", consumer)
                    .execute();
            return last;
        });
        then.forEach(Runnable::run);
        return reached;
    }

    private long locked(Handle transaction) {
        return transaction
                .createQuery("SELECT sequence FROM feed_cursor WHERE consumer = :consumer FOR UPDATE")
                .bind("consumer", consumer)
                .mapTo(Long.class)
                .one();
    }

    /** Under what name an event is set aside. */
    static String record(long sequence) {
        return "event " + sequence;
    }

    /** Tries an event again that was set aside; it has its place behind others now, as a late one has. */
    void again(DomainEvent event, FeedEffect effect, PostgresShelf shelf) {
        Runnable[] then = {() -> {}};
        try {
            database.<Long, RuntimeException>asSystem(transaction -> {
                long at = locked(transaction);
                then[0] = effect.apply(transaction, List.of(event));
                shelf.used(transaction, record(event.sequence()));
                return at;
            });
        } catch (RuntimeException | StackOverflowError e) {
            if (Database.mayPass(e)) {
                throw e;
            }
            stillUnusable(shelf, event.sequence(), Isolation.reason(e));
            return;
        }
        then[0].run();
    }

    /** Notes that an event that was tried again cannot be used. */
    void stillUnusable(PostgresShelf shelf, long sequence, String reason) {
        database.<Long, RuntimeException>asSystem(transaction -> {
            shelf.put(transaction, record(sequence), reason, null);
            return sequence;
        });
    }
}
