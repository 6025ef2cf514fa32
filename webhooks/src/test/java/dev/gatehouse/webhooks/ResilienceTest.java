package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Wanted;
import dev.gatehouse.webhooks.delivery.Due;
import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.store.PostgresDeliveryStore;
import dev.gatehouse.webhooks.store.Schema;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResilienceTest {
    private final TenantId acme = Installation.newTenant();

    private static void eventually(Runnable check) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(check::run);
    }

    @Test
    @DisplayName("without its queue a worker goes on from the database alone")
    void queueGone() throws Exception {
        try (Installation in = new Installation();
                FakeReceiver receiver = new FakeReceiver()) {
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            in.queue.close();
            in.webhooks().sendTest(acme, endpoint.id(), "sale.recorded");
            eventually(() -> assertThat(receiver.got).hasSize(1));
        }
    }

    @Test
    @DisplayName(
            "what a dead worker had claimed is made by another once the lease is over, and its late result counts no more")
    void workerDies() throws Exception {
        try (Installation in = new Installation();
                FakeReceiver receiver = new FakeReceiver();
                Database database = Database.open(DatabaseUrl.parse(in.url), "webhooks", Schema.MIGRATIONS, 2)) {
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            in.webhooks().change(acme, endpoint.id(), EndpointChange.to(Endpoint.Status.PAUSED));
            for (int i = 0; i < 5; i++) {
                in.feed.add(Installation.priceChange("lst-" + i));
            }
            DeliveryQuery all = DeliveryQuery.newest(100).of(endpoint.id());
            eventually(() -> assertThat(in.webhooks().deliveries(acme, all)).hasSize(5));
            List<Due> lost = new PostgresDeliveryStore(database, new SecretBox(Installation.SECRETS))
                    .claim(new Wanted(endpoint.id(), false), "wrk_dead", in.clock.instant(), Duration.ofSeconds(10), 3);
            assertThat(lost).hasSize(3);
            in.webhooks().change(acme, endpoint.id(), EndpointChange.to(Endpoint.Status.ENABLED));
            eventually(() -> assertThat(receiver.got).hasSize(2));
            // what is due has to be so for a moment by the worker's clock; the lease ends by the database's
            in.clock.advance(Duration.ofSeconds(5));
            eventually(() -> assertThat(receiver.got).hasSize(5));
            eventually(() -> assertThat(in.webhooks().deliveries(acme, all))
                    .extracting(Delivery::status)
                    .containsOnly(Delivery.Status.DELIVERED));
            assertThat(receiver.got).extracting(FakeReceiver.Got::id).doesNotHaveDuplicates();
        }
    }
}
