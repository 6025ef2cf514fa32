package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.queue.Queues;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A feed in memory that tells by a real queue. */
final class FeedByHand implements Feed {
    private final List<DomainEvent> events = new ArrayList<>();
    private final Queues queues;
    private volatile long taken;

    /** How many events were read. */
    final AtomicLong read = new AtomicLong();

    /** Whether it answers. */
    volatile boolean away;

    FeedByHand(Queues queues) {
        this.queues = queues;
    }

    void leave() {
        away = true;
    }

    void add(DomainEvent... more) {
        synchronized (events) {
            for (DomainEvent event : more) {
                events.add(event.at(events.size() + 1L));
            }
        }
        queues.queue(FeedConsumer.queueName(WebhooksModule.SERVICE), Duration.ofSeconds(30))
                .send("feed", "news", Duration.ZERO);
    }

    @Override
    public long take(List<OutboxBatch> batches) {
        for (OutboxBatch batch : batches) {
            if (batch.position() > taken) {
                taken = batch.position();
                add(batch.events().toArray(DomainEvent[]::new));
            }
        }
        return taken;
    }

    @Override
    public FeedPage after(long sequence, int limit) throws IOException {
        if (away) {
            throw new IOException("the feed is away");
        }
        synchronized (events) {
            int from = (int) Math.min(sequence, events.size());
            FeedPage page = new FeedPage(events.subList(from, Math.min(events.size(), from + limit)), events.size());
            read.addAndGet(page.events().size());
            return page;
        }
    }

    @Override
    public OptionalLong sequenceAt(String service, long position) {
        throw new UnsupportedOperationException("events are added by hand");
    }
}
