package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.ApiOperation;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("Live and test keys of one tenant")
class TwoWorldsTest {
    private static final Map<String, String> BODIES = Map.of(
            "createWebhookEndpoint", "{\"url\":\"https://example.com/another\"}",
            "changeWebhookEndpoint", "{\"url\":\"https://example.com/elsewhere\"}",
            "rotateWebhookSecret", "{\"revokeNow\":true}",
            "sendTestEvent", "{\"type\":\"sale.recorded\"}",
            "replayDeliveries",
                    "{\"since\":\"2026-01-01T00:00:00Z\",\"until\":\"2027-01-01T00:00:00Z\","
                            + "\"statuses\":[\"delivered\"]}");

    @SuppressWarnings("NullAway.Init")
    private static Installation in;

    @SuppressWarnings("NullAway.Init")
    private static FakeReceiver receiver;

    @BeforeAll
    static void start() throws Exception {
        in = new Installation();
        receiver = new FakeReceiver();
    }

    @AfterAll
    static void stop() {
        receiver.close();
        in.close();
    }

    /** An endpoint of one world, with one delivery that has been made. */
    private record Things(String endpoint, String delivery) {}

    private static Things things(TenantId tenant, KeyMode mode) {
        Webhooks own = in.webhooks().in(mode);
        String endpoint =
                own.create(tenant, NewEndpoint.of(receiver.url())).endpoint().id();
        String delivery = own.sendTest(tenant, endpoint, "sale.recorded").id();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> own.delivery(tenant, delivery).status() == Delivery.Status.DELIVERED);
        return new Things(endpoint, delivery);
    }

    private static String state(TenantId tenant, Things things) {
        return in.webhooks().endpoint(tenant, things.endpoint())
                + " "
                + in.webhooks().deliveries(tenant, DeliveryQuery.newest(50).of(things.endpoint()));
    }

    @TestFactory
    @DisplayName("neither see nor change what belongs to the other, by any operation")
    List<DynamicTest> everyOperation() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ApiOperation operation : WebhooksModule.description().operations()) {
            for (KeyMode owner : KeyMode.values()) {
                tests.add(DynamicTest.dynamicTest(
                        operation.id() + " on what is " + owner.text(), () -> refused(operation, owner)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests;
    }

    private static void refused(ApiOperation operation, KeyMode owner) throws Exception {
        TenantId tenant = Installation.newTenant();
        Things things = things(tenant, owner);
        String before = state(tenant, things);
        String path = operation
                .path()
                .replace("{id}", operation.path().contains("deliveries/") ? things.delivery() : things.endpoint());
        KeyMode other = owner == KeyMode.LIVE ? KeyMode.TEST : KeyMode.LIVE;
        HttpCaller.Answer answer = in.call(
                tenant,
                other,
                operation.method().toUpperCase(Locale.ROOT),
                path,
                BODIES.getOrDefault(operation.id(), ""),
                Map.of());
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (operation.path().contains("{id}")) {
            assertThat(answer.status()).as(text).isEqualTo(404);
        } else {
            assertThat(answer.status()).as(text).isBetween(200, 299);
            assertThat(text).doesNotContain(things.endpoint()).doesNotContain(things.delivery());
        }
        assertThat(state(tenant, things)).isEqualTo(before);
    }

    @Test
    @DisplayName("make endpoints of their own world, and those of tests get no events but what is sent as a test")
    void testEndpointsGetNoEvents() throws Exception {
        TenantId tenant = Installation.newTenant();
        try (FakeReceiver ofTests = new FakeReceiver();
                FakeReceiver live = new FakeReceiver()) {
            JsonNode made = Json.tree(new String(
                    in.call(
                                    tenant,
                                    KeyMode.TEST,
                                    "POST",
                                    "/v2/webhooks/endpoints",
                                    "{\"url\":\"" + ofTests.url() + "\"}",
                                    Map.of())
                            .body(),
                    StandardCharsets.UTF_8));
            assertThat(made.at("/data/mode").asText()).isEqualTo("test");
            in.webhooks().create(tenant, NewEndpoint.of(live.url()));
            in.feed.add(Installation.priceChange("lst-two-worlds"));
            await().atMost(Duration.ofSeconds(20)).until(() -> live.got.size() == 1);
            in.webhooks().sendTest(tenant, made.at("/data/id").asText(), "sale.recorded");
            await().atMost(Duration.ofSeconds(20)).until(() -> !ofTests.got.isEmpty());
            assertThat(ofTests.got).hasSize(1);
            assertThat(ofTests.got.getFirst().body()).contains("\"test\":true");
        }
    }
}
