package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What throws within a call")
class GuardTest {
    private static final FailingClock CLOCK = new FailingClock();

    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static SimpleMeterRegistry meters;
    private static String key;

    /** A clock that fails for one class of the gateway's: where a call is when it reads the time is known. */
    private static final class FailingClock implements InstantSource {
        private volatile String forClass = "";

        @Override
        public Instant instant() {
            String failing = forClass;
            if (!failing.isEmpty()
                    && StackWalker.getInstance()
                            .walk(frames -> frames.anyMatch(
                                    frame -> frame.getClassName().endsWith(failing)))) {
                throw new IllegalStateException("the clock fails in " + failing);
            }
            return InstantSource.system().instant();
        }
    }

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        meters = new SimpleMeterRegistry();
        gateway =
                GatewayModule.start(sandbox.settings("guard", GatewaySettings.Edge.standard(), 1, null), meters, CLOCK);
        key = sandbox.directory.key(sandbox.directory.tenant("guard", new Limits(100_000, 100_000, 100_000)));
        sandbox.synced(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        sandbox.close();
    }

    private static double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    @Test
    @DisplayName("on the way to the service ends that call as internal, blames nobody and leaks nothing")
    void onTheWay() {
        sandbox.get(gateway, key, "/v2/things/echo");
        for (int i = 0; i < 30; i++) {
            CLOCK.forClass = ".ServiceHead";
            HttpResponse<String> failed =
                    sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo?call=" + i))
                            .header("X-API-Key", key));
            CLOCK.forClass = "";
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.body()).contains("\"code\":\"internal\"").doesNotContain("the clock fails");
            // neither the target nor the tenant has a failure against it
            assertThat(sandbox.get(gateway, key, "/v2/things/echo?well=" + i).statusCode())
                    .isEqualTo(200);
        }
        await().untilAsserted(() ->
                assertThat(gauge("gatehouse.gateway.upstream.in.flight")).isZero());
        assertThat(gauge("gatehouse.gateway.upstream.connections")).isLessThan(5);
        assertThat(gauge("gatehouse.gateway.pool.waiting")).isZero();
    }

    @Test
    @DisplayName("before it is known whose call it is ends its connection, and no other")
    void atTheEdge() {
        CLOCK.forClass = ".Exchange";
        try {
            sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo"))
                    .header("X-API-Key", key));
        } catch (java.io.UncheckedIOException e) {
            assertThat(e).hasMessageContaining("");
        } finally {
            CLOCK.forClass = "";
        }
        assertThat(sandbox.get(gateway, key, "/v2/things/echo").statusCode()).isEqualTo(200);
    }
}
