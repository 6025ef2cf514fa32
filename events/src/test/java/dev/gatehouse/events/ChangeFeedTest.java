package dev.gatehouse.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.sandbox.SandboxHomes;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
    private final TenantId acme = TenantId.next(InstantSource.system());
    private final TenantId other = TenantId.next(InstantSource.system());

    @SuppressWarnings("NullAway.Init")
    private Installation in;

    @BeforeEach
    void start() throws Exception {
        in = new Installation(EnginesForTests.queue());
    }

    @AfterEach
    void stop() {
        in.close();
    }

    private JsonNode list(TenantId tenant, String query, int status) throws IOException {
        HttpCaller.Answer answer = in.get(tenant, "/v2/events" + query);
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.status()).as(body).isEqualTo(status);
        assertThat(EventsModule.description()
                        .faults("listEvents", status, answer.headers().getOrDefault("Content-Type", ""), body))
                .isEmpty();
        return Json.tree(body);
    }

    private static List<String> subjects(JsonNode page) {
        List<String> subjects = new ArrayList<>();
        page.path("data").forEach(event -> subjects.add(event.path("subject").asText()));
        return subjects;
    }

    @Test
    @DisplayName("a tenant sees everyone's events and its own, never another's, and its cursor moves past those")
    void tenants() throws Exception {
        in.feed.take(List.of(new OutboxBatch(
                "shop",
                1,
                List.of(Shop.event("all"), Shop.event("mine", acme.value()), Shop.event("theirs", other.value())))));
        JsonNode page = list(acme, "?after=0", 200);
        assertThat(subjects(page)).containsExactly("all", "mine");
        assertThat(page.at("/page/next").asLong()).isEqualTo(3);
        assertThat(page.at("/data/0/data/ListPrice").decimalValue()).isEqualByComparingTo("250000.50");
        assertThat(subjects(list(other, "", 200))).containsExactly("all", "theirs");
        assertThat(subjects(list(acme, "?types=sale.recorded", 200))).isEmpty();
        assertThat(subjects(list(acme, "?limit=1", 200))).containsExactly("all");
    }

    @Test
    @DisplayName(
            "a test key reads what happened to the sandbox's homes to its end, and nothing that happens in the market")
    void sandbox() throws Exception {
        in.feed.take(List.of(new OutboxBatch("shop", 1, List.of(Shop.event("all"), Shop.event("mine", acme.value())))));
        List<String> subjects = new ArrayList<>();
        long after = 0;
        JsonNode page;
        do {
            HttpCaller.Answer answer = in.getTesting(acme, "/v2/events?limit=100&after=" + after);
            assertThat(answer.status()).isEqualTo(200);
            page = Json.tree(new String(answer.body(), StandardCharsets.UTF_8));
            subjects.addAll(subjects(page));
            after = page.at("/page/next").asLong();
        } while (!page.path("data").isEmpty());
        assertThat(subjects)
                .hasSize(SandboxHomes.happenings().size())
                .allMatch(subject -> subject.startsWith("sandbox-"));
        long begun = System.nanoTime();
        HttpCaller.Answer over = in.getTesting(acme, "/v2/events?wait=2&after=" + after);
        assertThat(Json.tree(new String(over.body(), StandardCharsets.UTF_8)).path("data"))
                .isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    @DisplayName("a call that waits is answered as soon as something happens")
    void longPoll() throws Exception {
        CompletableFuture<JsonNode> waiting = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                waiting.complete(list(acme, "?wait=20", 200));
            } catch (IOException | AssertionError e) {
                waiting.completeExceptionally(e);
            }
        });
        in.feed.take(List.of(new OutboxBatch("shop", 1, List.of(Shop.event("late")))));
        assertThat(subjects(waiting.get(10, java.util.concurrent.TimeUnit.SECONDS)))
                .containsExactly("late");
    }

    @Test
    @DisplayName("a stream goes on after the last id that a client saw")
    void stream() throws Exception {
        in.feed.take(List.of(new OutboxBatch("shop", 1, List.of(Shop.event("one"), Shop.event("two")))));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(in.uri() + "/v2/events"))
                    .header(IdentitySeal.HEADER, Installation.sealed(acme, "/v2/events"))
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", "1")
                    .build();
            HttpResponse<java.io.InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                assertThat(until(lines, "data: ")).contains("\"subject\":\"two\"");
                in.feed.take(List.of(new OutboxBatch("shop", 2, List.of(Shop.event("three")))));
                assertThat(until(lines, "id: ")).isEqualTo("id: 3");
                assertThat(until(lines, "data: ")).contains("\"subject\":\"three\"");
            }
            client.shutdownNow();
        }
    }

    private static String until(BufferedReader lines, String start) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(start)) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    @Test
    @DisplayName("a call that did not come through the gateway, and bad parameters, are refused by name")
    void refusals() throws Exception {
        HttpCaller.Answer bare = in.caller.get(in.uri().resolve("/v2/events"), java.util.Map.of());
        assertThat(bare.status()).isEqualTo(401);
        assertThat(list(acme, "?after=-1&limit=900", 400).path("errors")).hasSize(2);
        assertThat(in.caller
                        .get(in.uri().resolve("/internal/events?after=0&limit=5"), java.util.Map.of())
                        .status())
                .isEqualTo(401);
    }
}
