package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import java.util.List;

/**
 * A piece of the feed.
 *
 * @param events in sequence, without gaps, beginning right after what was asked for
 * @param last the feed's last sequence when the page was read; 0 for an empty feed
 */
public record FeedPage(List<DomainEvent> events, long last) {
    public FeedPage {
        events = List.copyOf(events);
    }
}
