package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("To a suspended tenant")
class SuspensionTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TenantId acme = Installation.newTenant();
    private final TenantId other = Installation.newTenant();
    private Installation in;
    private FakeReceiver receiver;
    private FakeReceiver others;

    @BeforeEach
    void start() throws Exception {
        in = new Installation();
        receiver = new FakeReceiver();
        others = new FakeReceiver();
        in.webhooks().create(acme, NewEndpoint.of(receiver.url(), DomainEvent.LISTING_PRICE_CHANGED));
        in.webhooks().create(other, NewEndpoint.of(others.url(), DomainEvent.LISTING_PRICE_CHANGED));
    }

    @AfterEach
    void stop() {
        receiver.close();
        others.close();
        in.close();
    }

    private void add(int from, int to) {
        in.feed.add(IntStream.range(from, to)
                .mapToObj(i -> Installation.priceChange("lst-" + i))
                .toArray(DomainEvent[]::new));
    }

    private static Set<String> messages(List<FakeReceiver.Got> got) {
        Set<String> ids = new HashSet<>();
        got.forEach(each -> ids.add(each.id()));
        return ids;
    }

    @Test
    @DisplayName("nothing is delivered, to others everything is, and once it is back it gets all that came meanwhile")
    void waits() {
        add(0, 1);
        await().atMost(SOON).until(() -> receiver.got.size() == 1 && others.got.size() == 1);
        in.suspended.add(acme);
        add(1, 41);
        await().atMost(SOON).until(() -> messages(others.got).size() == 41);
        await().during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(receiver.got).hasSize(1));
        in.suspended.remove(acme);
        await().atMost(SOON).until(() -> messages(receiver.got).size() == 41);
    }

    @Test
    @DisplayName("a backlog that is being delivered stops within a second, and goes on without a loss")
    void stops() {
        receiver.replies(got -> {
            pause();
            return FakeReceiver.Reply.of(204);
        });
        add(0, 600);
        await().atMost(SOON).until(() -> receiver.got.size() > 50);
        long before = System.nanoTime();
        in.suspended.add(acme);
        await().pollDelay(Duration.ofMillis(990)).until(() -> System.nanoTime() - before > 990_000_000L);
        int there = receiver.got.size();
        assertThat(there).isLessThan(600);
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(6))
                .untilAsserted(() -> assertThat(receiver.got).hasSize(there));
        in.suspended.remove(acme);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> messages(receiver.got).size() == 600);
    }

    private static void pause() {
        try {
            Thread.sleep(150);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
