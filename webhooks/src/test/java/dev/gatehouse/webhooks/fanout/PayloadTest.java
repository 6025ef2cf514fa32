package dev.gatehouse.webhooks.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.json.Json;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is sent for an event")
class PayloadTest {
    private static JsonNode sent(String data) {
        return Json.tree(text(data));
    }

    private static String text(String data) {
        return Payload.of(new DomainEvent(
                7,
                "evt_01",
                DomainEvent.PROPERTY_UPDATED,
                "listings",
                "prop-1",
                Instant.parse("2026-03-01T08:00:00Z"),
                null,
                data));
    }

    @Test
    @DisplayName("carries the event whole, with its sequence")
    void whole() {
        JsonNode sent = sent("{\"PropertyKey\":\"prop-1\"}");
        assertThat(sent.path("sequence").asLong()).isEqualTo(7);
        assertThat(sent.at("/data/PropertyKey").asText()).isEqualTo("prop-1");
    }

    @Test
    @DisplayName("carries numbers as the event has them")
    void numbers() {
        assertThat(text("{\"ListPrice\":147600.00,\"LivingArea\":1600}"))
                .contains("\"ListPrice\":147600.00,\"LivingArea\":1600");
    }

    @Test
    @DisplayName("is a pointer to the event when it would be two megabytes")
    void pointer() {
        JsonNode sent = sent("{\"PropertyKey\":\"" + "x".repeat(2 << 20) + "\"}");
        assertThat(Json.bytes(sent)).hasSizeLessThan(1_000);
        assertThat(sent.at("/data/truncated").asBoolean()).isTrue();
        assertThat(sent.at("/data/resource").asText()).isEqualTo("/v2/events?after=6&limit=1");
        assertThat(sent.path("sequence").asLong()).isEqualTo(7);
    }
}
