package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Changes of a webhook endpoint")
class EndpointChangesTest {
    private static final int ROUNDS = 40;

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

    private HttpCaller.Answer patch(String id, String body, Map<String, String> headers) throws Exception {
        return in.call(acme, KeyMode.LIVE, "PATCH", "/v2/webhooks/endpoints/" + id, body, headers);
    }

    private static void atOnce(List<Callable<HttpCaller.Answer>> calls) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(calls.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpCaller.Answer>> answers = new ArrayList<>();
            for (Callable<HttpCaller.Answer> call : calls) {
                answers.add(threads.submit(() -> {
                    barrier.await();
                    return call.call();
                }));
            }
            for (Future<HttpCaller.Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("made at the same time, each to another field, are all kept")
    void noneIsLost() throws Exception {
        String id = in.webhooks()
                .create(acme, NewEndpoint.of("https://example.com/0"))
                .endpoint()
                .id();
        for (int round = 1; round <= ROUNDS; round++) {
            String number = Integer.toString(round);
            boolean even = round % 2 == 0;
            atOnce(List.of(
                    () -> patch(id, "{\"url\":\"https://example.com/" + number + "\"}", Map.of()),
                    () -> patch(id, "{\"description\":\"round " + number + "\"}", Map.of()),
                    () -> patch(id, "{\"status\":\"" + (even ? "paused" : "enabled") + "\"}", Map.of()),
                    () -> patch(id, "{\"ordered\":" + even + "}", Map.of()),
                    () -> patch(id, "{\"filter\":{\"subjects\":[\"s" + number + "\"]}}", Map.of())));
            Endpoint now = in.webhooks().endpoint(acme, id);
            assertThat(now.url()).isEqualTo("https://example.com/" + number);
            assertThat(now.description()).isEqualTo("round " + number);
            assertThat(now.status()).isEqualTo(even ? Endpoint.Status.PAUSED : Endpoint.Status.ENABLED);
            assertThat(now.ordered()).isEqualTo(even);
            assertThat(now.filter().subjects()).containsExactly("s" + number);
            assertThat(now.version()).isEqualTo(1 + 5L * round);
        }
    }

    @Test
    @DisplayName("never undo what the receiver's 410 did meanwhile")
    void goneStaysGone() throws Exception {
        for (int round = 0; round < 12; round++) {
            try (FakeReceiver receiver = new FakeReceiver()) {
                receiver.answers(410);
                String id = in.webhooks()
                        .create(acme, NewEndpoint.of(receiver.url()))
                        .endpoint()
                        .id();
                in.webhooks().sendTest(acme, id, "sale.recorded");
                int writes = 0;
                while (in.webhooks().endpoint(acme, id).status() == Endpoint.Status.ENABLED && writes < 500) {
                    patch(id, "{\"description\":\"write " + writes++ + "\"}", Map.of());
                }
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> in.webhooks().endpoint(acme, id).status() == Endpoint.Status.DISABLED);
                patch(id, "{\"description\":\"afterwards\"}", Map.of());
                assertThat(in.webhooks().endpoint(acme, id).status()).isEqualTo(Endpoint.Status.DISABLED);
                assertThat(in.webhooks().endpoint(acme, id).reason()).isNotNull();
                in.webhooks().delete(acme, id);
            }
        }
    }

    @Test
    @DisplayName("that were made for an earlier version are refused with 412 and the present one, and change nothing")
    void earlierVersion() throws Exception {
        String id = in.webhooks()
                .create(acme, NewEndpoint.of("https://example.com/"))
                .endpoint()
                .id();
        String path = "/v2/webhooks/endpoints/" + id;
        HttpCaller.Answer read = in.call(acme, "GET", path, "");
        String tag = read.headers().getOrDefault("ETag", "");
        assertThat(tag).isEqualTo("\"1\"");
        HttpCaller.Answer changed = patch(id, "{\"description\":\"first\"}", Map.of("If-Match", tag));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.headers().getOrDefault("ETag", "")).isEqualTo("\"2\"");
        for (HttpCaller.Answer late : List.of(
                patch(id, "{\"description\":\"second\"}", Map.of("If-Match", tag)),
                in.call(
                        acme,
                        KeyMode.LIVE,
                        "POST",
                        path + "/rotate-secret",
                        "{\"revokeNow\":true}",
                        Map.of("If-Match", tag)),
                in.call(acme, KeyMode.LIVE, "DELETE", path, "", Map.of("If-Match", tag)))) {
            String text = new String(late.body(), StandardCharsets.UTF_8);
            assertThat(late.status()).as(text).isEqualTo(412);
            assertThat(Json.tree(text).path("code").asText()).isEqualTo("precondition_failed");
            assertThat(text).contains("\\\"2\\\"");
        }
        Endpoint now = in.webhooks().endpoint(acme, id);
        assertThat(now.description()).isEqualTo("first");
        assertThat(now.version()).isEqualTo(2);
        assertThat(patch(id, "{\"description\":\"third\"}", Map.of("If-Match", "2"))
                        .status())
                .isEqualTo(400);
        assertThat(in.call(acme, KeyMode.LIVE, "DELETE", path, "", Map.of("If-Match", "\"1\", \"2\""))
                        .status())
                .isEqualTo(204);
    }
}
