package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.queue.Queue;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Again;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that say which endpoints of a tenant have something due. They hold no truth: whoever gets one looks into the
 * database, a lost one is made up for by the timer, and a second one finds nothing to claim.
 */
public final class Pointers implements AutoCloseable {
    /** The queue's name. */
    public static final String QUEUE = "gatehouse-webhook-deliveries";

    static final int MOST_ENDPOINTS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(Pointers.class);
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** A message. */
    record Pointer(TenantId tenant, List<String> endpoints) {}

    private final Queue queue;
    private final InstantSource clock;
    private final BiConsumer<String, TenantId> wake;
    private final List<Thread> listeners = new ArrayList<>();
    private volatile boolean closed;

    private Pointers(Queue queue, InstantSource clock, BiConsumer<String, TenantId> wake) {
        this.queue = queue;
        this.clock = clock;
        this.wake = wake;
    }

    /** @param wake told of endpoints with something due */
    static Pointers start(Queue queue, InstantSource clock, BiConsumer<String, TenantId> wake, int listeners) {
        Pointers pointers = new Pointers(queue, clock, wake);
        for (int i = 0; i < listeners; i++) {
            pointers.listeners.add(
                    Thread.ofVirtual().name("webhook-pointers-" + i).start(pointers::listen));
        }
        return pointers;
    }

    /** Sends what is due within the queue's longest delay; what is due later waits for the timer. */
    public void send(Collection<Again> dueAgain) {
        record Slot(TenantId tenant, long seconds) {}
        Instant now = clock.instant();
        Map<Slot, List<String>> slots = new LinkedHashMap<>();
        for (Again again : dueAgain) {
            Duration wait = Duration.between(now, again.at());
            if (wait.compareTo(Queue.MAX_DELAY) <= 0) {
                long seconds = wait.isNegative() || wait.isZero()
                        ? 0
                        : wait.plusMillis(999).toSeconds();
                slots.computeIfAbsent(new Slot(again.tenant(), seconds), s -> new ArrayList<>())
                        .add(again.endpoint());
            }
        }
        slots.forEach((slot, endpoints) -> {
            for (int from = 0; from < endpoints.size(); from += MOST_ENDPOINTS) {
                List<String> some = endpoints.subList(from, Math.min(endpoints.size(), from + MOST_ENDPOINTS));
                send(new Pointer(slot.tenant(), some), Duration.ofSeconds(slot.seconds()));
            }
        });
    }

    private void send(Pointer pointer, Duration delay) {
        try {
            queue.send(pointer.tenant().value(), Json.text(pointer), delay);
        } catch (RuntimeException | Error e) {
            LOG.warn("The queue takes no pointers; this worker goes on from the database alone.", e);
            if (delay.isZero()) {
                pointer.endpoints().forEach(endpoint -> wake.accept(endpoint, pointer.tenant()));
            }
        }
    }

    private void listen() {
        while (!closed) {
            try {
                for (Queue.Message message : queue.receive(10, WAIT)) {
                    // what comes after the close is left to another worker
                    if (!closed) {
                        take(message);
                    }
                }
            } catch (RuntimeException | Error e) {
                if (!closed) {
                    LOG.warn("The queue gives no pointers; the timer offers what is due.", e);
                    pause();
                }
            }
        }
    }

    private void take(Queue.Message message) {
        try {
            Pointer pointer = Json.read(message.body(), Pointer.class);
            pointer.endpoints().forEach(endpoint -> wake.accept(endpoint, pointer.tenant()));
            queue.delete(message);
        } catch (UncheckedIOException | NullPointerException e) {
            // left to the queue, which gives up on it and keeps it among its dead letters
            LOG.error("A message on {} is no pointer: {}", QUEUE, message.id(), e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        listeners.forEach(Thread::interrupt);
    }
}
