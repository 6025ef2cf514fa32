package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.json.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Names under {@code invalid} are resolved nowhere (RFC 6761), and where no name server answers, nothing is. */
@DisplayName("When a target's name cannot be resolved")
class UnresolvedTest {
    private static final String NOWHERE = "http://service.invalid:8080";

    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static String key;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        sandbox.directory.route(route("alone", List.of(NOWHERE)));
        sandbox.directory.route(route("paired", List.of(NOWHERE, sandbox.service.url())));
        key = sandbox.directory.key(sandbox.directory.tenant("unresolved", new Limits(10_000, 10_000, 10_000)));
        gateway = sandbox.gateway("unresolved");
        sandbox.synced(gateway);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static RouteEntry route(String name, List<String> targets) {
        return new RouteEntry(
                name,
                name,
                List.of("/v2/" + name),
                List.of(),
                List.of(new PoolEntry("default", targets, null, 0)),
                name,
                1,
                false,
                500,
                1_000,
                0);
    }

    @Test
    @DisplayName("its calls get 502 with the pool's name, then 503 at once, while other services are served")
    void alone() {
        HttpResponse<String> first = sandbox.get(gateway, key, "/v2/alone/echo");
        // 504 when the name server itself says nothing
        assertThat(first.statusCode()).isIn(502, 504);
        assertThat(first.body()).contains("alone/default");
        HttpResponse<String> refused = await().atMost(Duration.ofSeconds(30))
                .until(() -> sandbox.get(gateway, key, "/v2/alone/echo"), answer -> answer.statusCode() == 503);
        assertThat(Json.tree(refused.body()).get("code").asText()).isEqualTo("upstream_unavailable");
        assertThat(sandbox.get(gateway, key, "/v2/things/echo").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("the pool's other target answers soon for all")
    void paired() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            for (int i = 0; i < 20; i++) {
                assertThat(sandbox.get(gateway, key, "/v2/paired/echo").statusCode())
                        .isEqualTo(200);
            }
        });
    }
}
