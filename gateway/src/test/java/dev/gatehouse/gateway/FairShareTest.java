package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.json.Json;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("When a service has no room for more calls")
class FairShareTest {
    private static final Limits PLENTY = new Limits(100_000, 100_000, 100_000);

    private static Sandbox sandbox;
    private static GatewayModule gateway;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        sandbox.directory.route(Sandbox.open("narrow", "/v2/narrow", sandbox.service.url(), 6));
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        GatewaySettings.Caps caps = standard.caps();
        GatewaySettings.Edge edge = new GatewaySettings.Edge(
                standard.trustedProxies(),
                standard.addressHeader(),
                standard.proxyProtocol(),
                standard.clearText(),
                standard.maxHeadBytes(),
                standard.maxTargetBytes(),
                standard.maxBodyBytes(),
                standard.idle(),
                new GatewaySettings.Caps(
                        Duration.ofSeconds(5),
                        3,
                        caps.maxConnections(),
                        caps.maxConnectionsOfAddress(),
                        caps.maxConnectionsInAll(),
                        caps.firstHead(),
                        caps.bodySilence(),
                        caps.bodyBytesPerSecond(),
                        caps.readStall()));
        // two event loops, which share what a tenant and a pool may have
        gateway = sandbox.gateway(sandbox.settings("fair", edge, 2, null));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("a flooding tenant waits in its own queue, is refused beyond it, and another's calls pass it by")
    void passesBy() {
        TenantId flooding = sandbox.directory.tenant("flooding", PLENTY, 1, 100, 20);
        String loud = sandbox.directory.key(flooding);
        String quiet = sandbox.directory.key(sandbox.directory.tenant("quiet", PLENTY, 1, 5, 0));
        sandbox.synced(gateway);
        List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            flood.add(call(loud, "/v2/narrow/slow?millis=1000"));
        }
        // somebody was refused: the tenant's queue is full
        await().until(() -> flood.stream().anyMatch(CompletableFuture::isDone));
        // refused if it had to wait, as its plan allows it no waiting
        assertThat(call(quiet, "/v2/narrow/echo").join().statusCode()).isEqualTo(200);

        List<HttpResponse<String>> answers =
                flood.stream().map(CompletableFuture::join).toList();
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 429);
        long refused = answers.stream().filter(a -> a.statusCode() == 429).count();
        assertThat(refused).isPositive();
        assertThat(answers).filteredOn(a -> a.statusCode() == 429).allSatisfy(a -> {
            assertThat(Json.tree(a.body()).get("code").asText()).isEqualTo("concurrency_exceeded");
            assertThat(a.headers().firstValue("retry-after")).contains("1");
        });
        assertThat(sandbox.service.mostSlowOnes()).isBetween(1, 4);
        // what was refused cost nothing
        await().untilAsserted(() -> assertThat(used(loud)).isEqualTo(60 - refused));
    }

    @Test
    @DisplayName("a call whose turn does not come in time is refused, and the others wait on")
    void tooLate() {
        String key = sandbox.directory.key(sandbox.directory.tenant("late", PLENTY, 1, 1, 5));
        sandbox.synced(gateway);
        CompletableFuture<HttpResponse<String>> first = call(key, "/v2/narrow/slow?millis=9000");
        await().until(() -> used(key) == 1);
        HttpResponse<String> second = call(key, "/v2/narrow/echo").join();
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.body()).contains("concurrency_exceeded").contains("5000 ms");
        assertThat(first.join().statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(used(key)).isEqualTo(1));
    }

    @Test
    @DisplayName("an event stream takes none of the pool's places, and a tenant has as many as the cap says")
    void streams() throws Exception {
        String key = sandbox.directory.key(sandbox.directory.tenant("streams", PLENTY, 1, 2, 0));
        sandbox.synced(gateway);
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            HttpResponse<InputStream> answer = sandbox.http.send(
                    request(key, "/v2/narrow/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            open.add(answer.body());
        }
        HttpResponse<String> fourth = call(key, "/v2/narrow/events").join();
        assertThat(fourth.statusCode()).isEqualTo(429);
        assertThat(fourth.body()).contains("streams_exceeded");
        // more streams than calls that the plan allows at once, and calls go on
        assertThat(call(key, "/v2/narrow/echo").join().statusCode()).isEqualTo(200);
        open.removeFirst().close();
        await().untilAsserted(() -> {
            HttpResponse<InputStream> again = sandbox.http.send(
                    request(key, "/v2/narrow/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            open.add(again.body());
            assertThat(again.statusCode()).isEqualTo(200);
        });
        for (InputStream stream : open) {
            stream.close();
        }
    }

    private static long used(String key) {
        return Json.tree(sandbox.get(gateway, key, "/v2/account/limits").body())
                .get("data")
                .get("daily")
                .get("used")
                .asLong();
    }

    private static HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(sandbox.uri(gateway, path))
                .timeout(Duration.ofSeconds(30))
                .header("X-API-Key", key);
    }

    private static CompletableFuture<HttpResponse<String>> call(String key, String path) {
        return sandbox.http.sendAsync(request(key, path).build(), HttpResponse.BodyHandlers.ofString());
    }
}
