package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import java.io.IOException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What a consumer does with events. */
@FunctionalInterface
public interface FeedEffect {
    /**
     * Applies events in the transaction that also moves the consumer's cursor: both happen, or neither.
     *
     * @param transaction the platform's own, which sees every tenant's rows
     * @param events in sequence, without gaps, none of them applied before
     * @return what to do once it is committed; lost when the process dies in between
     */
    Runnable apply(Handle transaction, List<DomainEvent> events);

    /**
     * Takes a whole snapshot into a consumer that is new: states, told as events without a sequence. Nothing of it happened
     * now, so nothing is to be said about it to others.
     *
     * @param transaction the one that places the cursor
     * @throws IOException when the snapshot breaks off
     */
    default void fill(Handle transaction, Snapshot snapshot) throws IOException {
        for (List<DomainEvent> states = snapshot.next(Feed.MAX_EVENTS);
                !states.isEmpty();
                states = snapshot.next(Feed.MAX_EVENTS)) {
            Runnable unused = apply(transaction, states);
        }
    }

    /**
     * Whether nothing at all would come of events that are committed from now on. A consumer that needs no past then goes
     * to the feed's end without reading what is between.
     *
     * @param transaction the platform's own
     */
    default boolean isIdle(Handle transaction) {
        return false;
    }
}
