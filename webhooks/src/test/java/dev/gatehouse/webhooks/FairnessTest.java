package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.delivery.Limits;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Between tenants")
class FairnessTest {
    private static final int BACKLOG = 1_000;
    private static final int OTHERS = 100;

    @Test
    @DisplayName("one's backlog to a receiver that hangs takes its own share and leaves another's deliveries theirs")
    void backlog() throws Exception {
        TenantId big = Installation.newTenant();
        TenantId small = Installation.newTenant();
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Installation in = new Installation();
                FakeReceiver slow = new FakeReceiver();
                FakeReceiver quick = new FakeReceiver()) {
            slow.replies(got -> {
                most.accumulateAndGet(hanging.incrementAndGet(), Math::max);
                try {
                    over.await(14, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                hanging.decrementAndGet();
                return FakeReceiver.Reply.of(204);
            });
            in.webhooks().create(big, NewEndpoint.of(slow.url(), DomainEvent.SALE_RECORDED));
            in.webhooks().create(small, NewEndpoint.of(quick.url(), DomainEvent.LISTING_PRICE_CHANGED));
            in.feed.add(events(DomainEvent.SALE_RECORDED, BACKLOG));
            await().atMost(Duration.ofSeconds(60)).until(() -> hanging.get() >= 32);
            in.feed.add(events(DomainEvent.LISTING_PRICE_CHANGED, OTHERS));
            await().atMost(Duration.ofSeconds(60)).until(() -> quick.got.size() == OTHERS);
            // most of the backlog still waits: the others did not wait for it
            assertThat(slow.got).hasSizeLessThan(BACKLOG / 2);
            assertThat(most.get()).isLessThanOrEqualTo(Limits.usual().perEndpoint());
            over.countDown();
        } finally {
            over.countDown();
        }
    }

    private static DomainEvent[] events(String type, int count) {
        DomainEvent[] events = new DomainEvent[count];
        for (int i = 0; i < count; i++) {
            events[i] = Installation.event(type, "lst-" + i, null);
        }
        return events;
    }
}
