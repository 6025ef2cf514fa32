package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Answers to refused calls")
class RefusalPaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final RefusalPace pace = new RefusalPace();

    @Test
    @DisplayName("go out at once when they are few, and at an even pace when they are many")
    void even() {
        for (int i = 0; i <= RefusalPace.AT_ONCE; i++) {
            assertThat(pace.take("flooding", 0)).isZero();
        }
        assertThat(pace.take("flooding", 0)).isEqualTo(SECOND / RefusalPace.PER_SECOND);
        assertThat(pace.take("flooding", 0)).isEqualTo(2 * SECOND / RefusalPace.PER_SECOND);
        assertThat(pace.take("quiet", 0)).isZero();

        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            most = Math.max(most, pace.take("flooding", 0));
        }
        assertThat(most).isEqualTo(RefusalPace.LONGEST_NANOS);
        // what was put off to the last second does not put off what comes after it
        assertThat(pace.take("flooding", 2 * SECOND)).isZero();
    }

    @Test
    @DisplayName("are remembered for as long as it matters")
    void swept() {
        pace.take("once", 0);
        pace.sweep(SECOND);
        for (int i = 0; i <= RefusalPace.AT_ONCE; i++) {
            assertThat(pace.take("once", SECOND)).isZero();
        }
    }

    @Test
    @DisplayName("hold a flood back on its own connections, whole and true, while another tenant is served")
    void flood() throws InterruptedException {
        try (Sandbox sandbox = new Sandbox()) {
            String loud = sandbox.directory.key(sandbox.directory.tenant("loud", new Limits(1_000, 1, 1)));
            String quiet = sandbox.directory.key(sandbox.directory.tenant("quiet", new Limits(1_000, 1_000, 1_000)));
            GatewayModule gateway = sandbox.gateway("flooded");
            sandbox.synced(gateway);
            assertThat(sandbox.get(gateway, loud, "/v2/things/echo").statusCode())
                    .isEqualTo(200);

            int calls = 400;
            Semaphore connections = new Semaphore(10);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            long began = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                connections.acquire();
                answers.add(sandbox.http
                        .sendAsync(
                                HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo"))
                                        .header("X-API-Key", loud)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .whenComplete((answer, failure) -> connections.release()));
                if (i == calls / 2) {
                    assertThat(sandbox.get(gateway, quiet, "/v2/things/echo").statusCode())
                            .isEqualTo(200);
                }
            }
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.join().statusCode()).isEqualTo(429);
                assertThat(answer.join().body()).contains("rate_limited");
                assertThat(answer.join().headers().firstValue("retry-after")).isPresent();
            });
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThan(Duration.ofSeconds((calls - RefusalPace.AT_ONCE) / RefusalPace.PER_SECOND));
        }
    }
}
