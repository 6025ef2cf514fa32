package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import java.io.IOException;
import java.util.List;

/**
 * A service's whole state as of one position of its outbox, told as the shortest row of events that leads to it. Together
 * with the feed after the event that this position ended with it is the live state. To be closed.
 */
public interface Snapshot extends AutoCloseable {
    /** Whose state it is. */
    String service();

    /** Of the service's outbox: what was committed up to it is in the snapshot, what was committed later is not. */
    long position();

    /**
     * The next of the states, as events without a sequence; none at the end.
     *
     * @param limit at the most
     * @throws IOException when the snapshot breaks off; what was read before is then worth nothing
     */
    List<DomainEvent> next(int limit) throws IOException;

    @Override
    void close() throws IOException;
}
