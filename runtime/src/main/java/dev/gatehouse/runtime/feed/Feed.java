package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.aside.Shelf;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** The one dense sequence of domain events. */
public interface Feed {
    /** Batches that one call may hand over. */
    int MAX_BATCHES = 200;

    /** Events that one call may hand over, and that one page may hold. */
    int MAX_EVENTS = 1_000;

    /**
     * Hands over batches of one service in the order of their positions. What was taken before is not taken again.
     *
     * @param batches at most {@link #MAX_BATCHES}
     * @return the last position of the service that the feed holds; below the first batch's when batches before it are
     *     missing, and then nothing was taken
     * @throws IOException when it is not known that they were taken: hand them over again
     */
    long take(List<OutboxBatch> batches) throws IOException;

    /**
     * The events right after a sequence.
     *
     * @param limit at most {@link #MAX_EVENTS}
     */
    FeedPage after(long sequence, int limit) throws IOException;

    /**
     * The sequence that a service's outbox position ended with: what comes after it in the feed was committed later by this
     * service.
     *
     * @return empty when the feed has not taken the position yet; 0 for position 0
     * @throws IOException when it does not answer, or is one that keeps no positions
     */
    default OptionalLong sequenceAt(String service, long position) throws IOException {
        throw new IOException("this feed keeps no positions of " + service);
    }

    /** Told on which shelf a consumer of this feed puts events that it cannot use, so that they are listed. */
    default void shelf(Shelf shelf) {}
}
