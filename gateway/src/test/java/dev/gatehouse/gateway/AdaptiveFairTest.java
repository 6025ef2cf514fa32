package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A tenant whose calls take 300 ms")
class AdaptiveFairTest {
    private static final Limits PLENTY = new Limits(1_000_000, 1_000_000, 1_000_000);
    private static final int AT_ONCE = 30;

    private static Sandbox sandbox;
    private static GatewayModule gateway;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        gateway = sandbox.gateway(sandbox.settings("adaptive", GatewaySettings.Edge.standard(), 2, null));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("keeps its rate whatever another's quick answers of the same operation are, and sees no 429")
    void besideQuickAnswers() {
        String quick = key("quick");
        String slow = key("slow");
        for (int status : new int[] {200, 400, 404}) {
            for (int i = 0; i < 73; i++) {
                sandbox.get(gateway, quick, "/v2/things/status?code=" + status);
            }
            assertThat(perSecond(slow)).as("after answers of %s", status).isGreaterThan(0.6 * AT_ONCE / 0.3);
        }
    }

    @Test
    @DisplayName("has it back within seconds when the quick answers were its own")
    void afterItsOwn() {
        String mixed = key("mixed");
        for (int i = 0; i < 73; i++) {
            sandbox.get(gateway, mixed, "/v2/things/echo");
        }
        perSecond(mixed);
        assertThat(perSecond(mixed)).isGreaterThan(0.6 * AT_ONCE / 0.3);
    }

    private static String key(String slug) {
        String key = sandbox.directory.key(sandbox.directory.tenant(slug, PLENTY, 1, 100, 100));
        sandbox.synced(gateway);
        return key;
    }

    /** Answers a second over three seconds, with thirty calls on their way all the time. */
    private static double perSecond(String key) {
        AtomicInteger answered = new AtomicInteger();
        long began = System.nanoTime();
        List<CompletableFuture<Void>> lines = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            lines.add(next(key, began + 3_000_000_000L, answered));
        }
        lines.forEach(CompletableFuture::join);
        return answered.get() / ((System.nanoTime() - began) / 1e9);
    }

    private static CompletableFuture<Void> next(String key, long end, AtomicInteger answered) {
        if (System.nanoTime() > end) {
            return CompletableFuture.completedFuture(null);
        }
        HttpRequest request = HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/slow?millis=300"))
                .header("X-API-Key", key)
                .build();
        return sandbox.http
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenCompose(answer -> {
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    answered.incrementAndGet();
                    return next(key, end, answered);
                });
    }
}
