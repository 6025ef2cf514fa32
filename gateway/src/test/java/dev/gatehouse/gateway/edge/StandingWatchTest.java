package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An answer that goes on ends within a second")
class StandingWatchTest {
    private static Sandbox sandbox;
    private static GatewayModule gateway;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        gateway = sandbox.gateway("watch");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static TenantId tenant(String slug) {
        return sandbox.directory.tenant(slug, new Limits(1_000, 60, 60));
    }

    /** Opens it, and returns once its first bytes are there. */
    private static CompletableFuture<String> open(String key, String path) throws Exception {
        sandbox.synced(gateway);
        HttpResponse<InputStream> answer = sandbox.http.send(
                HttpRequest.newBuilder(sandbox.uri(gateway, path))
                        .header("X-API-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        InputStream body = answer.body();
        assertThat(body.read()).isGreaterThanOrEqualTo(0);
        return CompletableFuture.supplyAsync(() -> {
            try {
                body.readAllBytes();
                return "ended";
            } catch (IOException e) {
                return "cut";
            }
        });
    }

    private static void endsInTime(CompletableFuture<String> open, long sinceNanos) throws Exception {
        assertThat(open.get(5, TimeUnit.SECONDS)).isEqualTo("ended");
        assertThat(Duration.ofNanos(System.nanoTime() - sinceNanos)).isLessThan(Duration.ofSeconds(1));
    }

    private static KeyEntry changed(
            KeyEntry key, Set<String> scopes, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {
        return new KeyEntry(
                key.id(),
                key.tenant(),
                key.hash(),
                key.prefix(),
                key.mode(),
                scopes,
                expiresAt,
                revokedAt,
                key.allowedAddresses(),
                key.quotaPercent(),
                key.version());
    }

    private static void endsBy(String slug, UnaryOperator<KeyEntry> change) throws Exception {
        TenantId tenant = tenant(slug);
        String key = sandbox.directory.key(tenant);
        String other = sandbox.directory.key(tenant);
        CompletableFuture<String> stream = open(key, "/v2/things/events");
        CompletableFuture<String> others = open(other, "/v2/things/events");
        long before = System.nanoTime();
        sandbox.directory.changeKey(key, change);
        endsInTime(stream, before);
        assertThat(others).as("the stream of another key of the tenant").isNotDone();
    }

    @Test
    @DisplayName("of its key's being revoked, and another key's goes on")
    void revoked() throws Exception {
        endsBy("revoked", key -> changed(key, key.scopes(), null, Instant.now()));
    }

    @Test
    @DisplayName("of its key's losing the scope")
    void scope() throws Exception {
        endsBy("scopeless", key -> changed(key, Set.of("something-else"), null, null));
    }

    @Test
    @DisplayName("of its key's expiry or the end of a rotation, which nobody tells at that moment")
    void expired() throws Exception {
        TenantId tenant = tenant("expired");
        String key = sandbox.directory.key(tenant);
        CompletableFuture<String> stream = open(key, "/v2/things/events");
        Instant end = Instant.now().plusMillis(1_500);
        sandbox.directory.changeKey(key, was -> changed(was, was.scopes(), end, null));
        assertThat(stream.get(5, TimeUnit.SECONDS)).isEqualTo("ended");
        assertThat(Instant.now()).isBetween(end, end.plusSeconds(1));
    }

    @Test
    @DisplayName("of its tenant's suspension, whichever key opened it")
    void suspended() throws Exception {
        TenantId tenant = tenant("suspended");
        CompletableFuture<String> one = open(sandbox.directory.key(tenant), "/v2/things/events");
        CompletableFuture<String> two = open(sandbox.directory.key(tenant), "/v2/things/events");
        CompletableFuture<String> others = open(sandbox.directory.key(tenant("stays")), "/v2/things/events");
        long before = System.nanoTime();
        sandbox.directory.changeTenant(tenant, StandingWatchTest::suspend);
        endsInTime(one, before);
        endsInTime(two, before);
        assertThat(others).isNotDone();
    }

    @Test
    @DisplayName("of its key's being revoked in mid-download, and is seen to be incomplete")
    void download() throws Exception {
        TenantId tenant = tenant("downloads");
        String key = sandbox.directory.key(tenant);
        sandbox.synced(gateway);
        HttpResponse<InputStream> answer = sandbox.http.send(
                HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/big?bytes=1000000000"))
                        .header("X-API-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            byte[] piece = body.readNBytes(100_000);
            assertThat(piece).hasSize(100_000);
            sandbox.directory.changeKey(key, was -> changed(was, was.scopes(), null, Instant.now()));
            // nobody reads: what is held up ends, too
            await().atMost(Duration.ofSeconds(2)).until(() -> sandbox.service.bigOnes() == 0);
            CompletableFuture<String> rest = CompletableFuture.supplyAsync(() -> {
                try {
                    body.transferTo(OutputStream.nullOutputStream());
                    return "ended";
                } catch (IOException e) {
                    return "cut";
                }
            });
            assertThat(rest.get(5, TimeUnit.SECONDS)).isEqualTo("cut");
        }
    }

    private static TenantEntry suspend(TenantEntry tenant) {
        return new TenantEntry(
                tenant.id(),
                tenant.slug(),
                tenant.name(),
                TenantStatus.SUSPENDED,
                tenant.plan(),
                tenant.planLimits(),
                tenant.override(),
                tenant.weight(),
                tenant.maxConcurrent(),
                tenant.maxQueued(),
                tenant.pools(),
                tenant.fields(),
                tenant.spendCapped(),
                tenant.version());
    }
}
