package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.gatehouse.engines.RowSecurity;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.store.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WebhookApiTest {
    private static final String ENDPOINTS = "/v2/webhooks/endpoints";

    private final TenantId acme = Installation.newTenant();
    private final TenantId other = Installation.newTenant();

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

    private JsonNode call(TenantId tenant, String operation, String method, String path, String body, int status)
            throws IOException {
        HttpCaller.Answer answer = in.call(tenant, method, path, body);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.status()).as(text).isEqualTo(status);
        assertThat(WebhooksModule.description()
                        .faults(operation, status, answer.headers().getOrDefault("Content-Type", ""), text))
                .as(text)
                .isEmpty();
        return text.isEmpty() ? MissingNode.getInstance() : Json.tree(text);
    }

    private JsonNode create(String body, int status) throws IOException {
        return call(acme, "createWebhookEndpoint", "POST", ENDPOINTS, body, status);
    }

    private String newEndpoint() throws IOException {
        return create("{\"url\":\"" + receiver.url() + "\",\"eventTypes\":[\"sale.recorded\"]}", 201)
                .at("/data/id")
                .asText();
    }

    @Test
    @DisplayName("an endpoint is made, shown without its secret, changed, paused and deleted")
    void life() throws Exception {
        JsonNode made = create(
                "{\"url\":\"https://example.com/hooks\",\"description\":\"ours\",\"eventTypes\":[\"sale.recorded\"],"
                        + "\"filter\":{\"areas\":[\"zip:43604\"]}}",
                201);
        assertThat(made.at("/data/secret").asText()).startsWith("whsec_");
        String path = ENDPOINTS + "/" + made.at("/data/id").asText();
        JsonNode shown = call(acme, "getWebhookEndpoint", "GET", path, "", 200);
        assertThat(shown.at("/data").has("secret")).isFalse();
        assertThat(shown.at("/data/filter/areas/0").asText()).isEqualTo("zip:43604");
        assertThat(call(acme, "changeWebhookEndpoint", "PATCH", path, "{\"status\":\"paused\"}", 200)
                        .at("/data/status")
                        .asText())
                .isEqualTo("paused");
        assertThat(call(acme, "listWebhookEndpoints", "GET", ENDPOINTS, "", 200).path("data"))
                .hasSize(1);
        JsonNode rotated = call(acme, "rotateWebhookSecret", "POST", path + "/rotate-secret", "{}", 200);
        assertThat(rotated.at("/data/secret")).isNotEqualTo(made.at("/data/secret"));
        assertThat(rotated.at("/data/previousSecretUntil").isTextual()).isTrue();
        call(acme, "deleteWebhookEndpoint", "DELETE", path, "", 204);
        call(acme, "getWebhookEndpoint", "GET", path, "", 404);
    }

    @Test
    @DisplayName(
            "an endpoint that verifies with a public key shows it and no secret, and one may want its events in order")
    void publicKey() throws Exception {
        JsonNode made = create("{\"url\":\"https://example.com/hooks\",\"signature\":\"v1a\",\"ordered\":true}", 201);
        assertThat(made.at("/data/publicKey").asText()).startsWith("whpk_");
        assertThat(made.at("/data").has("secret")).isFalse();
        assertThat(made.toString()).doesNotContain("whsk_");
        String path = ENDPOINTS + "/" + made.at("/data/id").asText();
        JsonNode shown = call(acme, "getWebhookEndpoint", "GET", path, "", 200);
        assertThat(shown.at("/data/signature").asText()).isEqualTo("v1a");
        assertThat(shown.at("/data/publicKey")).isEqualTo(made.at("/data/publicKey"));
        assertThat(shown.at("/data/ordered").asBoolean()).isTrue();
        JsonNode rotated = call(acme, "rotateWebhookSecret", "POST", path + "/rotate-secret", "{}", 200);
        assertThat(rotated.at("/data/publicKey")).isNotEqualTo(made.at("/data/publicKey"));
        assertThat(call(acme, "changeWebhookEndpoint", "PATCH", path, "{\"ordered\":false}", 200)
                        .at("/data/ordered")
                        .asBoolean())
                .isFalse();
        assertThat(message(
                        create(
                                "{\"url\":\"https://example.com/\",\"signature\":\"v1a\","
                                        + "\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}",
                                400),
                        "secret"))
                .contains("whsk_");
        create("{\"url\":\"https://example.com/\",\"signature\":\"v2\"}", 400);
    }

    @Test
    @DisplayName("a delivery is what the description's webhooks section says, which names every type")
    void described() throws Exception {
        JsonNode description = Json.MAPPER.readTree(Json.text(new ObjectMapper(new YAMLFactory())
                .readValue(WebhooksModule.description().text(), Object.class)));
        JsonNode webhook = description.at("/webhooks/event/post");
        JsonNode types = description.at("/components/schemas/Payload/properties/type/enum");
        assertThat(types)
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                WebhooksModule.eventTypes().stream().map(EventType::name), Stream.of("webhook.probe"))
                        .toList());
        try (FakeReceiver own = new FakeReceiver()) {
            String id = create("{\"url\":\"" + own.url() + "\"}", 201)
                    .at("/data/id")
                    .asText();
            in.webhooks().sendTest(acme, id, "sale.recorded");
            in.feed.add(Installation.priceChange("lst-described"));
            await().atMost(Duration.ofSeconds(20)).until(() -> own.got.size() == 2);
            JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(description.at("/components/schemas/Payload"));
            assertThat(own.got).allSatisfy(got -> {
                assertThat(schema.validate(Json.tree(got.body())))
                        .as(got.body())
                        .isEmpty();
                webhook.path("parameters")
                        .forEach(header -> assertThat(got.headers())
                                .containsKey(header.path("name").asText()));
            });
        }
    }

    @Test
    @DisplayName("a test event goes out, and its delivery shows payload, attempts and times")
    void testEvent() throws Exception {
        String id = newEndpoint();
        JsonNode sent = call(
                acme, "sendTestEvent", "POST", ENDPOINTS + "/" + id + "/test", "{\"type\":\"sale.recorded\"}", 202);
        String path = "/v2/webhooks/deliveries/" + sent.at("/data/id").asText();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(call(acme, "getDelivery", "GET", path, "", 200)
                                .at("/data/status")
                                .asText())
                        .isEqualTo("delivered"));
        JsonNode shown = call(acme, "getDelivery", "GET", path, "", 200);
        assertThat(shown.at("/data/payload/test").asBoolean()).isTrue();
        assertThat(shown.at("/data/log/0/status").asInt()).isEqualTo(204);
        assertThat(shown.at("/data/log/0/timing/total").asDouble()).isPositive();
        assertThat(call(acme, "listDeliveries", "GET", "/v2/webhooks/deliveries?endpoint=" + id + "&limit=1", "", 200)
                        .at("/page/next")
                        .asText())
                .startsWith("dlv_");
        call(acme, "replayDelivery", "POST", path + "/replay", "", 202);
        call(acme, "getBacklog", "GET", ENDPOINTS + "/" + id + "/backlog", "", 200);
        String replays = ENDPOINTS + "/" + id + "/replays";
        String range = "{\"since\":\"2026-01-01T00:00:00Z\",\"until\":\"2027-01-01T00:00:00Z\",\"preview\":true}";
        call(acme, "replayDeliveries", "POST", replays, range, 200);
        call(acme, "cancelReplays", "DELETE", replays, "", 200);
        assertThat(call(acme, "listEventTypes", "GET", "/v2/webhooks/event-types", "", 200)
                        .path("data"))
                .hasSize(9);
    }

    @Test
    @DisplayName("what is another tenant's is not found, and not seen by the database's own rule either")
    void isolation() throws Exception {
        String id = newEndpoint();
        String path = ENDPOINTS + "/" + id;
        call(other, "getWebhookEndpoint", "GET", path, "", 404);
        call(other, "changeWebhookEndpoint", "PATCH", path, "{\"status\":\"paused\"}", 404);
        call(other, "deleteWebhookEndpoint", "DELETE", path, "", 404);
        call(other, "rotateWebhookSecret", "POST", path + "/rotate-secret", "{}", 404);
        call(other, "sendTestEvent", "POST", path + "/test", "{\"type\":\"sale.recorded\"}", 404);
        call(other, "listDeliveries", "GET", "/v2/webhooks/deliveries?endpoint=" + id, "", 404);
        in.webhooks().sendTest(acme, id, "sale.recorded");
        assertThat(RowSecurity.gaps(in.url)).isEmpty();
        try (Database database = Database.open(DatabaseUrl.parse(in.url), "webhooks", Schema.MIGRATIONS, 2)) {
            for (String table : List.of("endpoint", "delivery", "attempt", "message", "saved_alert")) {
                String count = "SELECT count(*) FROM " + table;
                long seen = database.<Long, RuntimeException>asTenant(
                        other,
                        handle -> handle.createQuery(count).mapTo(Long.class).one());
                assertThat(seen).as(table).isZero();
                long bare = database.jdbi()
                        .withHandle(handle ->
                                handle.createQuery(count).mapTo(Long.class).one());
                assertThat(bare).as(table + " without a tenant").isZero();
            }
        }
    }

    @Test
    @DisplayName("bad input is refused by name: scheme, credentials, type with the nearest, filter, secret")
    void refusals() throws Exception {
        assertThat(message(create("{\"url\":\"http://example.com/\"}", 400), "url"))
                .contains("https://");
        assertThat(message(create("{\"url\":\"https://a:b@example.com/\"}", 400), "url"))
                .contains("credentials");
        assertThat(message(
                        create("{\"url\":\"https://example.com/\",\"eventTypes\":[\"listing.price_change\"]}", 400),
                        "eventTypes"))
                .contains("did you mean listing.price_changed?");
        assertThat(message(
                        create("{\"url\":\"https://example.com/\",\"filter\":{\"areas\":[\"Toledo\"]}}", 400),
                        "filter.areas"))
                .contains("city:Toledo");
        assertThat(message(
                        create(
                                "{\"url\":\"https://example.com/\",\"eventTypes\":[\"sale.recorded\"],"
                                        + "\"filter\":{\"alerts\":[\"alr_1\"]}}",
                                400),
                        "filter.alerts"))
                .contains("can match nothing");
        for (Map.Entry<String, String> nothing : Map.of(
                        "filter.areas", "{\"areas\":[\"zip:43604\"]}",
                        "filter.propertyTypes", "{\"propertyTypes\":[\"Residential\"]}",
                        "filter.subjects", "{\"subjects\":[\"lst-1\"]}")
                .entrySet()) {
            assertThat(message(
                            create(
                                    "{\"url\":\"https://example.com/\",\"eventTypes\":[\"webhook_endpoint.disabled\"],"
                                            + "\"filter\":" + nothing.getValue() + "}",
                                    400),
                            nothing.getKey()))
                    .contains("can match nothing");
        }
        assertThat(message(
                        create("{\"url\":\"https://example.com/\",\"filter\":{\"propertyTypes\":[\"House\"]}}", 400),
                        "filter.propertyTypes"))
                .contains("House", "Residential");
        assertThat(message(create("{\"url\":\"https://example.com/\",\"secret\":\"whsec_QUJD\"}", 400), "secret"))
                .contains("24 to 64");
        assertThat(message(
                        create("{\"url\":\"https://example.com/\",\"filter\":{\"alerts\":[\"alr_1\"]}}", 400),
                        "filter.alerts"))
                .contains("no saved alert alr_1");
        create("{}", 400);
        HttpCaller.Answer bare = in.caller.get(in.module.uri().resolve(ENDPOINTS), Map.of());
        assertThat(bare.status()).isEqualTo(401);
    }

    private static String message(JsonNode problem, String field) {
        for (JsonNode error : problem.path("errors")) {
            if (error.path("field").asText().equals(field)) {
                return error.path("message").asText();
            }
        }
        return "no error names " + field + ": " + problem;
    }
}
