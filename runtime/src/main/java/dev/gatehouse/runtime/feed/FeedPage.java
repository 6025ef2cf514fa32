package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import java.util.List;

/**
 * A piece of the feed. Its events and what cannot be read have, together, sequences without gaps, beginning right after what
 * was asked for.
 *
 * @param events in sequence
 * @param last the feed's last sequence when the page was read; 0 for an empty feed
 * @param unreadable in sequence
 */
public record FeedPage(List<DomainEvent> events, long last, List<UnreadableEvent> unreadable) {
    @SuppressWarnings("ConstantValue") // null in what another process sends, which has none
    public FeedPage {
        events = List.copyOf(events);
        unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    }

    /** A page on which all can be read. */
    public FeedPage(List<DomainEvent> events, long last) {
        this(events, last, List.of());
    }

    public boolean isEmpty() {
        return events.isEmpty() && unreadable.isEmpty();
    }

    /** Of a page that is not empty. */
    public long firstSequence() {
        long event = events.isEmpty() ? Long.MAX_VALUE : events.getFirst().sequence();
        long other =
                unreadable.isEmpty() ? Long.MAX_VALUE : unreadable.getFirst().sequence();
        return Math.min(event, other);
    }

    /** Of a page that is not empty. */
    public long lastSequence() {
        long event = events.isEmpty() ? 0 : events.getLast().sequence();
        long other = unreadable.isEmpty() ? 0 : unreadable.getLast().sequence();
        return Math.max(event, other);
    }

    /** What of it lies behind a sequence. */
    FeedPage behind(long sequence) {
        return new FeedPage(
                events.stream().filter(event -> event.sequence() > sequence).toList(),
                last,
                unreadable.stream().filter(event -> event.sequence() > sequence).toList());
    }
}
