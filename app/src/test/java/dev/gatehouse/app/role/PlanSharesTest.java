package dev.gatehouse.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.webhooks.Shares.Share;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanSharesTest {
    private final TenantId large = TenantId.next(InstantSource.system());
    private final TenantId small = TenantId.next(InstantSource.system());

    private static TenantEntry entry(TenantId id, int weight) {
        return entry(id, weight, TenantStatus.ACTIVE);
    }

    private static TenantEntry entry(TenantId id, int weight, TenantStatus status) {
        return new TenantEntry(
                id,
                "acme",
                "Acme",
                status,
                "plan-" + weight,
                new Limits(1_000, 60, 100),
                null,
                weight,
                10,
                10,
                Map.of(),
                Set.of(),
                false,
                1);
    }

    private static DirectorySnapshot snapshot(long after, long version, TenantEntry... tenants) {
        return new DirectorySnapshot(after, version, List.of(tenants), List.of(), List.of(), List.of());
    }

    @Test
    @DisplayName(
            "a tenant's weight in deliveries is that of its plan in the directory, and another plan's once it changes")
    void weights() throws Exception {
        InternalSecrets secrets =
                new InternalSecrets("a master secret of at least 32 bytes".getBytes(StandardCharsets.UTF_8));
        AtomicReference<DirectorySnapshot> next =
                new AtomicReference<>(snapshot(0, 7, entry(large, 8), entry(small, 1)));
        Router directory = new Router().get(DirectoryPaths.CHANGES, request -> {
            DirectorySnapshot known = next.get();
            return request.parameter("after").orElse("").equals(Long.toString(known.after()))
                    ? Response.ok(known)
                    : Response.noContent();
        });
        Vertx vertx = Vertx.vertx();
        try (WebServer server = WebServer.start(
                        vertx, WebServer.Options.loopback("directory"), directory, null, InstantSource.system());
                PlanShares shares = PlanShares.follow(
                        vertx,
                        server.uri(),
                        secrets,
                        500,
                        LogRetention.of(Settings.of(Map.of(
                                "gatehouse.webhooks.keep", "14d",
                                "gatehouse.webhooks.keep-by-plan", "plan-8=90d, plan-100=2d"))))) {
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(shares.of(large)).isEqualTo(new Share(8, 500)));
            assertThat(shares.of(small)).isEqualTo(new Share(1, 500));
            assertThat(shares.keep(large)).isEqualTo(Duration.ofDays(90));
            assertThat(shares.keep(small)).isEqualTo(Duration.ofDays(14));
            // nothing is lost of a tenant whose plan is not known
            assertThat(shares.keep(TenantId.next(InstantSource.system()))).isEqualTo(Duration.ofDays(90));
            assertThat(shares.of(TenantId.next(InstantSource.system()))).isEqualTo(new Share(1, 500));
            next.set(snapshot(7, 9, entry(small, 100)));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(shares.of(small)).isEqualTo(new Share(Share.MOST_WEIGHT, 500)));
            assertThat(shares.of(large).weight()).isEqualTo(8);
            assertThat(shares.keep(small)).isEqualTo(Duration.ofDays(2));
            assertThat(shares.isSuspended(large)).isFalse();
            next.set(snapshot(9, 10, entry(large, 8, TenantStatus.SUSPENDED)));
            await().atMost(Duration.ofSeconds(1)).until(() -> shares.isSuspended(large));
            assertThat(shares.isSuspended(small)).isFalse();
            next.set(snapshot(10, 11, entry(large, 8)));
            await().atMost(Duration.ofSeconds(1)).until(() -> !shares.isSuspended(large));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"free", "free=", "free=7", "=7d", "free=7d=8d", "free=0d", "free=12h"})
    @DisplayName(
            "how long a plan's deliveries are kept is refused with its setting when it cannot be read, or is less than a day")
    void retention(String byPlan) {
        assertThatThrownBy(() -> LogRetention.of(Settings.of(Map.of("gatehouse.webhooks.keep-by-plan", byPlan))))
                .hasMessageContaining("gatehouse.webhooks.keep-by-plan");
    }
}
