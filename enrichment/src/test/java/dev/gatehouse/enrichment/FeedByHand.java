package dev.gatehouse.enrichment;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.feed.Snapshot;
import dev.gatehouse.runtime.queue.Queues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A feed in memory that tells by a real queue, with a snapshot before it. */
final class FeedByHand implements Feed {
    private final List<DomainEvent> events = new ArrayList<>();
    private final Queues queues;
    private final List<DomainEvent> before;

    FeedByHand(Queues queues, List<DomainEvent> before) {
        this.queues = queues;
        this.before = List.copyOf(before);
    }

    void add(DomainEvent... more) {
        synchronized (events) {
            for (DomainEvent event : more) {
                events.add(event.at(events.size() + 1L));
            }
        }
        queues.queue(FeedConsumer.queueName(EnrichmentModule.SERVICE), Duration.ofSeconds(30))
                .send("feed", "news", Duration.ZERO);
    }

    Snapshot snapshot() {
        return new Snapshot() {
            private int read;

            @Override
            public String service() {
                return "listings";
            }

            @Override
            public long position() {
                return 0;
            }

            @Override
            public List<DomainEvent> next(int limit) {
                List<DomainEvent> page = before.subList(read, Math.min(before.size(), read + limit));
                read += page.size();
                return page;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long take(List<OutboxBatch> batches) {
        throw new UnsupportedOperationException("events are added by hand");
    }

    @Override
    public FeedPage after(long sequence, int limit) {
        synchronized (events) {
            int from = (int) Math.min(sequence, events.size());
            return new FeedPage(
                    List.copyOf(events.subList(from, Math.min(events.size(), from + limit))), events.size());
        }
    }

    @Override
    public OptionalLong sequenceAt(String service, long position) {
        return OptionalLong.of(0);
    }
}
