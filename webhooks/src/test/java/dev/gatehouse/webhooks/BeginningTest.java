package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BeginningTest {
    private final TenantId acme = Installation.newTenant();

    private static DomainEvent[] changes(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Installation.priceChange(name + i))
                .toArray(DomainEvent[]::new);
    }

    private List<String> subjects(Installation in, Endpoint endpoint) {
        return in.webhooks().deliveries(acme, DeliveryQuery.newest(500).of(endpoint.id())).reversed().stream()
                .map(Delivery::subject)
                .toList();
    }

    @Test
    @DisplayName("new webhooks begin at the feed's end: of its past nothing is read, and nothing delivered")
    void newInstallation() throws Exception {
        try (Installation in = new Installation(changes("past-", 2_500));
                FakeReceiver receiver = new FakeReceiver()) {
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            in.feed.add(changes("now-", 1));
            await().atMost(Duration.ofSeconds(20)).until(() -> receiver.got.size() == 1);
            assertThat(subjects(in, endpoint)).containsExactly("now-0");
            assertThat(in.feed.read).hasValue(1);
        }
    }

    @Test
    @DisplayName("while no endpoint is there nothing is read, and the first one gets what happens after it was made")
    void nobodyListens() throws Exception {
        try (Installation in = new Installation();
                FakeReceiver receiver = new FakeReceiver()) {
            in.webhooks()
                    .delete(
                            acme,
                            in.webhooks()
                                    .create(acme, NewEndpoint.of(receiver.url()))
                                    .endpoint()
                                    .id());
            in.feed.add(changes("unheard-", 1_500));
            await().atMost(Duration.ofSeconds(20)).until(() -> in.cursor() == 1_500);
            assertThat(in.feed.read).hasValue(0);
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            in.feed.add(changes("heard-", 3));
            await().atMost(Duration.ofSeconds(20)).until(() -> receiver.got.size() == 3);
            assertThat(subjects(in, endpoint)).containsExactlyInAnyOrder("heard-0", "heard-1", "heard-2");
        }
    }

    @Test
    @DisplayName("with an endpoint, what happened while webhooks were away is delivered once they are back")
    void cameBack() throws Exception {
        try (Installation in = new Installation(changes("past-", 10));
                FakeReceiver receiver = new FakeReceiver()) {
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            in.module.close();
            in.feed.add(changes("meanwhile-", 2));
            in.restart();
            await().atMost(Duration.ofSeconds(20)).until(() -> in.cursor() == 12);
            // the worker that was closed may have taken pointers with it: the timer finds what is due again and again
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                in.clock.advance(Duration.ofSeconds(1));
                return receiver.got.size() == 2;
            });
            assertThat(subjects(in, endpoint)).containsExactlyInAnyOrder("meanwhile-0", "meanwhile-1");
        }
    }

    @Test
    @DisplayName("an endpoint that would miss events, as webhooks are new and the feed is away, is not made")
    void feedAway() throws Exception {
        try (Installation in = new Installation(FeedByHand::leave);
                FakeReceiver receiver = new FakeReceiver()) {
            assertThatThrownBy(() -> in.webhooks().create(acme, NewEndpoint.of(receiver.url())))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().status()).isEqualTo(503));
            in.feed.away = false;
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            in.feed.add(changes("now-", 1));
            await().atMost(Duration.ofSeconds(20)).until(() -> receiver.got.size() == 1);
            assertThat(subjects(in, endpoint)).containsExactly("now-0");
        }
    }
}
