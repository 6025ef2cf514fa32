package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.signature.SigningSecret;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The receiver doctor")
class DoctorTest {
    private final TenantId acme = Installation.newTenant();

    @SuppressWarnings("NullAway.Init")
    private static Installation in;

    @BeforeAll
    static void start() throws Exception {
        in = new Installation();
    }

    @AfterAll
    static void stop() {
        in.close();
    }

    /** As a customer's program ought to answer. */
    private static FakeReceiver.Reply careful(String secret, Instant now, FakeReceiver.Got got) {
        long timestamp = Long.parseLong(got.headers().getOrDefault("webhook-timestamp", "0"));
        boolean holds = SigningSecret.parse(secret)
                .orElseThrow()
                .verifies(
                        got.id(),
                        timestamp,
                        got.body().getBytes(StandardCharsets.UTF_8),
                        got.headers().getOrDefault("webhook-signature", ""));
        boolean fresh =
                Duration.between(Instant.ofEpochSecond(timestamp), now).abs().compareTo(Duration.ofMinutes(5)) < 0;
        return FakeReceiver.Reply.of(holds && fresh ? 204 : 401);
    }

    private static String outcome(Diagnosis diagnosis, String check) {
        return diagnosis.findings().stream()
                .filter(finding -> finding.check().equals(check))
                .map(finding -> finding.outcome() + " " + finding.found() + " " + finding.fix())
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("finds a receiver healthy that checks signatures and times, and says so by the API's description")
    void healthy() throws Exception {
        try (FakeReceiver receiver = new FakeReceiver()) {
            EndpointWithSecret made = in.webhooks().create(acme, NewEndpoint.of(receiver.url()));
            receiver.replies(got -> careful(made.secret(), in.clock.instant(), got));
            HttpCaller.Answer answer = in.call(
                    acme, "POST", "/v2/webhooks/endpoints/" + made.endpoint().id() + "/diagnose", "");
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            assertThat(answer.status()).as(text).isEqualTo(200);
            assertThat(WebhooksModule.description().faults("diagnoseWebhookEndpoint", 200, "application/json", text))
                    .isEmpty();
            JsonNode shown = Json.tree(text).path("data");
            assertThat(shown.path("healthy").asBoolean()).as(text).isTrue();
            assertThat(shown.path("findings")).hasSize(6);
            assertThat(receiver.got).hasSize(3);
            assertThat(in.call(
                                    Installation.newTenant(),
                                    "POST",
                                    "/v2/webhooks/endpoints/" + made.endpoint().id() + "/diagnose",
                                    "")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    @DisplayName("tells a receiver that takes anything to check signatures, and old messages")
    void takesAnything() throws Exception {
        try (FakeReceiver receiver = new FakeReceiver()) {
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            Diagnosis found = in.module.doctor().diagnose(endpoint);
            assertThat(found.healthy()).isFalse();
            assertThat(outcome(found, "signature")).startsWith("FAILED").contains("401");
            assertThat(outcome(found, "replay")).startsWith("WARNING").contains("five minutes");
        }
    }

    @Test
    @DisplayName("names a redirect, a refused secret, a server that is not there and an address inside")
    void sick() throws Exception {
        try (FakeReceiver receiver = new FakeReceiver()) {
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            receiver.replies(got -> new FakeReceiver.Reply(301, Map.of("Location", "https://example.com/"), ""));
            assertThat(outcome(in.module.doctor().diagnose(endpoint), "redirect"))
                    .startsWith("FAILED")
                    .contains("301");
            receiver.answers(401);
            assertThat(outcome(in.module.doctor().diagnose(endpoint), "acknowledgement"))
                    .startsWith("FAILED")
                    .contains("current secret");
            receiver.close();
            Diagnosis gone = in.module.doctor().diagnose(endpoint);
            assertThat(outcome(gone, "acknowledgement")).startsWith("FAILED").contains("server runs");
            assertThat(outcome(gone, "signature")).startsWith("SKIPPED");
            in.resolver = host -> List.of(InetAddress.getByName("93.184.215.14"));
            Endpoint inside = in.webhooks()
                    .create(acme, NewEndpoint.of("https://moves.example/hook"))
                    .endpoint();
            in.resolver = host -> List.of(InetAddress.getByName("10.0.0.1"));
            Diagnosis blocked = in.module.doctor().diagnose(inside);
            assertThat(outcome(blocked, "dns")).startsWith("FAILED").contains("private");
            assertThat(outcome(blocked, "tls")).startsWith("SKIPPED");
        }
    }
}
