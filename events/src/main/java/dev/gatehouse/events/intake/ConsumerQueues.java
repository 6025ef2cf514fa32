package dev.gatehouse.events.intake;

import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.queue.Queue;
import dev.gatehouse.runtime.queue.Queues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each consumer by its queue that the feed has grown: at once when nothing was told for a moment, else together with
 * what else comes in that moment, since to send, receive and delete a message costs more than the events that it tells of. A
 * message that is lost is made up for by the consumer's own asking.
 */
public final class ConsumerQueues implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerQueues.class);
    private static final Duration VISIBILITY = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long MOMENT_MILLIS = 50;

    private final Queues queues;
    private final List<String> consumers;
    private final Map<String, Queue> open = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread sender;

    private ConsumerQueues(Queues queues, List<String> consumers) {
        this.queues = queues;
        this.consumers = List.copyOf(consumers);
        this.sender = Thread.ofPlatform().name("feed-pointers").daemon().unstarted(this::run);
    }

    public static ConsumerQueues start(Queues queues, List<String> consumers) {
        ConsumerQueues started = new ConsumerQueues(queues, consumers);
        started.sender.start();
        return started;
    }

    /** Returns at once. */
    public void tell(long sequence) {
        synchronized (last) {
            if (sequence > last.get()) {
                last.set(sequence);
                last.notifyAll();
            }
        }
    }

    private void run() {
        long told = 0;
        while (closed.getCount() > 0) {
            try {
                synchronized (last) {
                    while (last.get() <= told) {
                        last.wait();
                    }
                }
                long now = last.get();
                for (String consumer : consumers) {
                    send(consumer, now);
                }
                told = now;
                boolean unused = closed.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(String consumer, long sequence) throws InterruptedException {
        try {
            open.computeIfAbsent(consumer, name -> queues.queue(FeedConsumer.queueName(name), VISIBILITY))
                    .send("feed", Long.toString(sequence), Duration.ZERO);
        } catch (RuntimeException | Error e) {
            // the queue may have come up anew and forgotten: make it again at the next news
            open.remove(consumer);
            LOG.warn("{} cannot be told of event {} by its queue; it will ask by itself.", consumer, sequence, e);
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        sender.interrupt();
    }
}
