package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.sql.Database;
import java.io.IOException;
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

    /**
     * Applies those of the events that are new.
     *
     * @return the last applied sequence afterwards; smaller than the first event's when events before it are missing, and
     *     then nothing was applied
     */
    long apply(List<DomainEvent> events, FeedEffect effect) {
        Runnable[] then = {() -> {}};
        long reached = database.<Long, RuntimeException>asSystem(transaction -> {
            int unused = startAt(transaction, 0);
            long at = transaction
                    .createQuery("SELECT sequence FROM feed_cursor WHERE consumer = :consumer FOR UPDATE")
                    .bind("consumer", consumer)
                    .mapTo(Long.class)
                    .one();
            List<DomainEvent> fresh =
                    events.stream().filter(event -> event.sequence() > at).toList();
            if (fresh.isEmpty() || fresh.getFirst().sequence() != at + 1) {
                return at;
            }
            then[0] = effect.apply(transaction, fresh);
            long last = fresh.getLast().sequence();
            transaction
                    .createUpdate("UPDATE feed_cursor SET sequence = :last WHERE consumer = :consumer")
                    .bind("last", last)
                    .bind("consumer", consumer)
                    .execute();
            return last;
        });
        then[0].run();
        return reached;
    }
}
