package dev.gatehouse.events;

import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.feed.FeedPage;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Where the feed is kept. */
public interface EventStore {
    /** What became of batches that were handed over. */
    sealed interface Taken {
        /**
         * @param position of the service, up to which the feed holds everything
         * @param last the sequence of the last event that was taken now; 0 when none was
         */
        record UpTo(long position, long last) implements Taken {}

        /** The feed holds other events at this position: the service's outbox was begun anew. Nothing was taken. */
        record Foreign(long position) implements Taken {}
    }

    /** Takes those of the batches that are new, all in one transaction. */
    Taken take(String service, List<OutboxBatch> batches);

    /** Every event after a sequence, without gaps. */
    FeedPage after(long sequence, int limit);

    /**
     * The events that a tenant may read.
     *
     * @param types empty for all
     * @return {@code last} is the sequence up to which the page is complete when it holds fewer than {@code limit}
     */
    FeedPage visible(TenantId tenant, long sequence, Set<String> types, int limit);

    /** The sequence that a service's position ended with; empty when it was not taken yet. */
    OptionalLong sequenceAt(String service, long position);
}
