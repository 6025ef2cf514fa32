package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.delivery.Forgetting;
import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.store.PostgresDeliveryStore;
import dev.gatehouse.webhooks.store.Schema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log of deliveries")
class RetentionTest {
    private final TenantId shortly = Installation.newTenant();
    private final TenantId longer = Installation.newTenant();

    private static long count(Installation in, String table) throws SQLException {
        try (Database database = Database.open(DatabaseUrl.parse(in.url), "webhooks", Schema.MIGRATIONS, 1)) {
            return database.<Long, SQLException>asSystem(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                    .mapTo(Long.class)
                    .one());
        }
    }

    @Test
    @DisplayName(
            "forgets what was over for the time of its tenant's plan, with attempts and message, and nothing that waits")
    void forgets() throws Exception {
        try (Installation in = new Installation();
                FakeReceiver receiver = new FakeReceiver();
                Database database = Database.open(DatabaseUrl.parse(in.url), "webhooks", Schema.MIGRATIONS, 2)) {
            Shares shares = new Shares() {
                @Override
                public Share of(TenantId tenant) {
                    return new Share(1, PER_SECOND);
                }

                @Override
                public Duration keep(TenantId tenant) {
                    return Duration.ofDays(tenant.equals(shortly) ? 7 : 30);
                }
            };
            try (Forgetting forgetting = Forgetting.start(
                    new PostgresDeliveryStore(database, new SecretBox(Installation.SECRETS)), shares, in.clock)) {
                String soonForgotten = endpoint(in, shortly, receiver);
                in.webhooks().sendTest(shortly, soonForgotten, "sale.recorded");
                in.webhooks().sendTest(longer, endpoint(in, longer, receiver), "sale.recorded");
                in.feed.add(Installation.priceChange("lst-kept"));
                await().atMost(Duration.ofSeconds(20)).until(() -> receiver.got.size() == 4);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> count(in, "delivery WHERE status = 'delivered'") == 4);
                assertThat(forgetting.once()).isZero();
                in.clock.advance(Duration.ofDays(8));
                in.webhooks().change(shortly, soonForgotten, EndpointChange.to(Endpoint.Status.PAUSED));
                in.webhooks().sendTest(shortly, soonForgotten, "sale.recorded");
                assertThat(forgetting.once()).isEqualTo(2);
                assertThat(in.webhooks().deliveries(shortly, DeliveryQuery.newest(10)))
                        .extracting(Delivery::status)
                        .containsExactly(Delivery.Status.PENDING);
                assertThat(in.webhooks().deliveries(longer, DeliveryQuery.newest(10)))
                        .hasSize(2);
                // the event's message is still the other tenant's
                assertThat(count(in, "message")).isEqualTo(3);
                assertThat(count(in, "attempt")).isEqualTo(2);
                in.clock.advance(Duration.ofDays(23));
                assertThat(forgetting.once()).isEqualTo(2);
                assertThat(count(in, "message")).isEqualTo(1);
                assertThat(count(in, "attempt")).isZero();
                assertThat(count(in, "delivery")).isEqualTo(1);
            }
        }
    }

    private static String endpoint(Installation in, TenantId tenant, FakeReceiver receiver) {
        return in.webhooks()
                .create(tenant, NewEndpoint.of(receiver.url()))
                .endpoint()
                .id();
    }

    @Test
    @DisplayName("shows long answers whole, and takes a fourth of their size")
    void packs() throws Exception {
        try (Installation in = new Installation();
                FakeReceiver receiver = new FakeReceiver()) {
            StringBuilder body = new StringBuilder();
            for (int i = 0; body.length() < 16_000; i++) {
                body.append("{\"row\":")
                        .append(i)
                        .append(",\"price\":")
                        .append(i * 7919 % 1_000_003)
                        .append(",\"city\":\"Tol\u00e9do\"}");
            }
            String sent = body.substring(0, 12_000);
            receiver.replies(got -> new FakeReceiver.Reply(500, Map.of("X-Long", "v".repeat(3_000)), sent));
            String endpoint = endpoint(in, shortly, receiver);
            String delivery =
                    in.webhooks().sendTest(shortly, endpoint, "sale.recorded").id();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !in.webhooks().attempts(shortly, delivery).isEmpty());
            Attempt attempt = in.webhooks().attempts(shortly, delivery).getFirst();
            assertThat(attempt.responseBody()).isEqualTo(sent);
            assertThat(attempt.responseHeaders()).contains("v".repeat(3_000));
            assertThat(attempt.requestHeaders()).contains("webhook-signature: v1,");
            assertThat(count(in, "attempt WHERE length(packed) < 4500 AND response_body = ''"))
                    .isEqualTo(1);
        }
    }
}
