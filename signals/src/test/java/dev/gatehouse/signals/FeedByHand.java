package dev.gatehouse.signals;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.feed.Snapshot;
import dev.gatehouse.runtime.queue.Queues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** A feed in memory that hands out pages of any size, keeps what it is told, and can say the state of all it holds. */
final class FeedByHand implements Feed {
    private final Queues queues;
    private final Random sizes;
    private final List<DomainEvent> events = new ArrayList<>();
    private final List<DomainEvent> told = new ArrayList<>();
    private long position;

    FeedByHand(Queues queues, long seed) {
        this.queues = queues;
        this.sizes = new Random(seed);
    }

    /** Gives events their sequences and says that there is news. */
    synchronized void add(List<DomainEvent> more) {
        more.forEach(event -> events.add(event.at(events.size() + 1L)));
        remind();
    }

    /** Says that there is news; a service beside this one, on the same queue, may have heard it instead. */
    void remind() {
        queues.queue(FeedConsumer.queueName(SignalsModule.SERVICE), Duration.ofSeconds(30))
                .send("feed", "news", Duration.ZERO);
    }

    synchronized long last() {
        return events.size();
    }

    /** What the service told. */
    synchronized List<DomainEvent> told() {
        return List.copyOf(told);
    }

    @Override
    public synchronized long take(List<OutboxBatch> batches) {
        for (OutboxBatch batch : batches) {
            if (batch.position() == position + 1) {
                told.addAll(batch.events());
                position = batch.position();
            }
        }
        return position;
    }

    @Override
    public synchronized FeedPage after(long sequence, int limit) {
        int size = Math.min(limit, 1 + sizes.nextInt(40));
        int from = (int) Math.min(sequence, events.size());
        return new FeedPage(events.subList(from, Math.min(events.size(), from + size)), events.size());
    }

    @Override
    public OptionalLong sequenceAt(String service, long of) {
        return OptionalLong.of(of);
    }

    /** The last thing said of each listing. */
    synchronized Snapshot snapshot() {
        Map<String, DomainEvent> states = new LinkedHashMap<>();
        for (DomainEvent event : events) {
            states.put(event.subject(), stateOf(event));
        }
        states.values().removeIf(event -> event.type().equals(DomainEvent.LISTING_REMOVED));
        List<DomainEvent> left = new ArrayList<>(states.values());
        long at = events.size();
        return new Snapshot() {
            @Override
            public String service() {
                return "listings";
            }

            @Override
            public long position() {
                return at;
            }

            @Override
            public List<DomainEvent> next(int limit) {
                List<DomainEvent> next = new ArrayList<>(left.subList(0, Math.min(limit, left.size())));
                left.subList(0, next.size()).clear();
                return next;
            }

            @Override
            public void close() {
                left.clear();
            }
        };
    }

    private static DomainEvent stateOf(DomainEvent event) {
        boolean sold = event.data().contains("\"StandardStatus\":\"Closed\"");
        boolean removed = event.type().equals(DomainEvent.LISTING_REMOVED);
        String type =
                removed ? DomainEvent.LISTING_REMOVED : sold ? DomainEvent.SALE_RECORDED : DomainEvent.LISTING_CREATED;
        return new DomainEvent(
                0,
                event.id(),
                type,
                event.service(),
                event.subject(),
                event.occurredAt(),
                event.tenant(),
                event.data());
    }
}
