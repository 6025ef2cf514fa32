package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.kernel.usage.RefusedCallCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A call that is refused")
class RefusalTest {
    private static final int A_ROUND = 80;
    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static TenantId tenant;

    @BeforeAll
    static void start() throws IOException {
        sandbox = new Sandbox();
        tenant = sandbox.directory.tenant("refused", new Limits(1_000, 60, 1_000));
        sandbox.directory.route(new RouteEntry(
                "described",
                "described",
                List.of("/v2/described"),
                List.of(
                        Sandbox.operation("read", "GET", "/v2/described/{id}", 1),
                        Sandbox.operation("dear", "GET", "/v2/described/dear", 2_000),
                        Sandbox.operation("hang", "GET", "/v2/described/{id}/hang", 3),
                        Sandbox.operation("drop", "POST", "/v2/described/{id}/drop", 1)),
                List.of(new PoolEntry("main", List.of(sandbox.service.url()), null, 0)),
                "described",
                1,
                false,
                300,
                300,
                0));
        sandbox.directory.route(Sandbox.open("dead", "/v2/dead", "http://127.0.0.1:" + deadPort()));
        gateway = sandbox.gateway("refusals");
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("without a key says so, and invents no limits")
    void missing() {
        HttpResponse<String> answer = sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo")));
        assertProblem(answer, 401, "key_missing");
        assertThat(answer.headers().firstValue("x-ratelimit-limit")).isEmpty();
    }

    @Test
    @DisplayName("for one wrong letter says that the key is mistyped, without a lookup")
    void malformed() {
        String key = sandbox.directory.key(tenant);
        int before = sandbox.directory.lookups();
        String typo = key.substring(0, 20) + (key.charAt(20) == 'a' ? 'b' : 'a') + key.substring(21);
        assertProblem(sandbox.get(gateway, typo, "/v2/things/echo"), 401, "key_malformed");
        assertThat(sandbox.directory.lookups()).isEqualTo(before);
    }

    @Test
    @DisplayName("for a key of nobody says so, and asks the directory once a second at most")
    void unknown() {
        String nobody = ApiKey.generate(KeyMode.LIVE);
        int before = sandbox.directory.lookups();
        for (int i = 0; i < 5; i++) {
            assertProblem(sandbox.get(gateway, nobody, "/v2/things/echo"), 401, "key_unknown");
        }
        assertThat(sandbox.directory.lookups() - before).isBetween(1, 2);
    }

    @Test
    @DisplayName("for a revoked, an expired and a wrongly used key says which, with the tenant's limits")
    void keysOutOfForce() {
        assertKnown(
                key(k -> with(k, null, Instant.now().minusSeconds(5), k.allowedAddresses(), k.scopes())),
                401,
                "key_revoked");
        assertKnown(
                key(k -> with(k, Instant.now().minusSeconds(5), null, k.allowedAddresses(), k.scopes())),
                401,
                "key_expired");
        assertKnown(key(k -> with(k, null, null, List.of("10.0.0.0/8"), k.scopes())), 403, "key_address");
        assertKnown(key(k -> with(k, null, null, k.allowedAddresses(), Set.of("other"))), 403, "key_scope");
        String allowed = key(k -> with(k, null, null, List.of("127.0.0.0/8", "::1"), Set.of("things")));
        assertThat(sandbox.get(gateway, allowed, "/v2/things/echo").statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("of a suspended tenant or one at its spend cap says so")
    void suspended() {
        TenantId other = sandbox.directory.tenant("suspended", new Limits(10, 10, 10));
        sandbox.directory.changeTenant(other, t -> status(t, TenantStatus.SUSPENDED));
        assertKnown(sandbox.directory.key(other), 403, "tenant_suspended");
    }

    @Test
    @DisplayName("to a path or with a method that no operation has gets 404 or 405, and costs nothing")
    void nowhere() {
        String key = sandbox.directory.key(tenant);
        assertProblem(sandbox.get(gateway, key, "/v2/nothing"), 404, "not_found");
        assertProblem(sandbox.get(gateway, key, "/v2/describedelse"), 404, "not_found");
        HttpResponse<String> method = sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/described/7"))
                .header("X-API-Key", key)
                .DELETE());
        assertProblem(method, 405, "method_not_allowed");
        assertThat(method.headers().firstValue("allow")).contains("GET, HEAD");
    }

    @Test
    @DisplayName("with a path that a service might read otherwise is malformed")
    void badPaths() {
        String key = sandbox.directory.key(tenant);
        for (String path :
                List.of("/v2/things/%2e%2e/x", "/v2/things/%2Fx", "/v2/things/%00", "/v2/things/%c0%af", "/v2//x")) {
            assertProblem(sandbox.get(gateway, key, path), 400, "malformed_request");
        }
    }

    @Test
    @DisplayName("for a cost above the bucket has no Retry-After, as no wait would help")
    void tooDear() {
        HttpResponse<String> answer = sandbox.get(gateway, sandbox.directory.key(tenant), "/v2/described/dear");
        assertProblem(answer, 429, "quota_exceeded");
        assertThat(answer.headers().firstValue("retry-after")).isEmpty();
    }

    @Test
    @DisplayName("by an empty bucket is told a wait; by a used up share of the key is told midnight")
    void limits() {
        TenantId small = sandbox.directory.tenant("small", new Limits(100, 60, 2));
        String key = sandbox.directory.key(small);
        sandbox.get(gateway, key, "/v2/things/echo");
        sandbox.get(gateway, key, "/v2/things/echo");
        HttpResponse<String> third = sandbox.get(gateway, key, "/v2/things/echo");
        assertProblem(third, 429, "rate_limited");
        assertThat(third.headers().firstValue("retry-after")).contains("1");
        assertThat(third.headers().firstValue("x-ratelimit-burstremaining")).contains("0");

        TenantId shared = sandbox.directory.tenant("shared", new Limits(100, 60, 50));
        String part = sandbox.directory.key(shared, k -> share(k, 2));
        sandbox.get(gateway, part, "/v2/things/echo");
        sandbox.get(gateway, part, "/v2/things/echo");
        assertProblem(sandbox.get(gateway, part, "/v2/things/echo"), 429, "key_quota_exceeded");
        assertThat(sandbox.get(gateway, sandbox.directory.key(shared), "/v2/things/echo")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("by a service that is away, hangs or hangs up names the pool, and gives the quota back")
    void upstreamFaults() {
        TenantId own = sandbox.directory.tenant("faults", new Limits(1_000, 60, 100));
        String key = sandbox.directory.key(own);
        HttpResponse<String> dead = sandbox.get(gateway, key, "/v2/dead/x");
        assertProblem(dead, 502, "upstream_unreachable");
        assertThat(dead.body()).contains("dead/default");
        HttpResponse<String> late = sandbox.get(gateway, key, "/v2/described/7/hang");
        assertProblem(late, 504, "upstream_timeout");
        assertThat(late.body()).contains("described/main");
        assertProblem(
                sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/described/7/drop"))
                        .header("X-API-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString("x"))),
                502,
                "upstream_failed");
        await().untilAsserted(() -> assertThat(used(key)).isZero());
        for (int i = 0; i < 5; i++) {
            sandbox.get(gateway, key, "/v2/dead/x");
        }
        assertProblem(sandbox.get(gateway, key, "/v2/dead/x"), 503, "upstream_unavailable");
    }

    @Test
    @DisplayName("with a body above the limit gets 413 before the service has heard of it")
    void tooLarge() {
        int before = sandbox.service.calls();
        HttpResponse<String> answer = sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo"))
                .header("X-API-Key", sandbox.directory.key(tenant))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[17 << 20])));
        assertProblem(answer, 413, "too_large");
        assertThat(sandbox.service.calls()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "of a known caller is kept in full for whoever asks why, the last thousand of a tenant, and no key with it")
    void kept() throws Exception {
        TenantId curious = sandbox.directory.tenant("curious", new Limits(100_000, 60, 2));
        String key = sandbox.directory.key(curious);
        sandbox.get(gateway, key, "/v2/things/echo");
        sandbox.get(gateway, key, "/v2/things/echo");
        HttpResponse<String> refused =
                sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo?secret=1"))
                        .header("X-API-Key", key)
                        .header("X-Request-ID", "mine-77"));
        assertProblem(refused, 429, "rate_limited");
        sandbox.get(gateway, key, "/v2/nothing/" + key);
        try (Redis redis = Redis.connect(EnginesForTests.redis());
                StatefulRedisConnection<String, byte[]> bytes = redis.connectBytes()) {
            await().untilAsserted(() -> assertThat(kept(bytes, curious)).hasSize(2));
            RefusedCall first = kept(bytes, curious).getLast();
            assertThat(first.requestId())
                    .isEqualTo(refused.headers().firstValue("x-request-id").orElseThrow());
            assertThat(first.clientRequestId()).isEqualTo("mine-77");
            assertThat(first.code()).isEqualTo("rate_limited");
            assertThat(first.detail())
                    .isEqualTo(Json.tree(refused.body()).get("detail").asText());
            assertThat(first.path()).isEqualTo("/v2/things/echo");
            assertThat(first.retryAfterSeconds()).isEqualTo(1);
            assertThat(first.limits()).isEqualTo(new Limits(100_000, 60, 2));
            assertThat(first.levels()).satisfies(levels -> {
                assertThat(levels.quotaUsedBefore()).isEqualTo(2);
                assertThat(levels.bucketAfterMilli()).isBetween(0L, 999L);
            });
            assertThat(kept(bytes, curious).getFirst().path()).doesNotContain(key);
            for (int round = 0; round < 1 + UsageStreams.REFUSED_KEPT / A_ROUND; round++) {
                // of a flood only the newest of a turn are kept
                String last = "";
                for (int i = 0; i < A_ROUND; i++) {
                    last = sandbox.get(gateway, key, "/v2/nothing")
                            .headers()
                            .firstValue("x-request-id")
                            .orElseThrow();
                }
                String newest = last;
                await().pollInterval(Duration.ofMillis(20))
                        .until(() -> kept(bytes, curious).getFirst().requestId().equals(newest));
            }
            await().untilAsserted(() -> assertThat(kept(bytes, curious))
                    .hasSize(UsageStreams.REFUSED_KEPT)
                    .allMatch(call -> call.code().equals("not_found")));
            assertThat(redis.commands().ttl(UsageStreams.refused(curious))).isBetween(1L, 86_400L);
        }
    }

    private static List<RefusedCall> kept(StatefulRedisConnection<String, byte[]> bytes, TenantId tenant)
            throws MalformedUsageException {
        List<RefusedCall> calls = new ArrayList<>();
        for (byte[] frame : bytes.sync().lrange(UsageStreams.refused(tenant), 0, -1)) {
            calls.add(RefusedCallCodec.decode(frame));
        }
        return calls;
    }

    static long used(String key) {
        HttpResponse<String> limits = sandbox.get(gateway, key, "/v2/account/limits");
        return Json.tree(limits.body()).get("data").get("daily").get("used").asLong();
    }

    private static void assertKnown(String key, int status, String code) {
        HttpResponse<String> answer = sandbox.get(gateway, key, "/v2/things/echo");
        assertProblem(answer, status, code);
        assertThat(answer.headers().firstValue("x-ratelimit-remaining")).isPresent();
        assertThat(answer.body()).doesNotContain(key);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(Json.tree(answer.body()).get("code").asText()).isEqualTo(code);
        assertThat(Json.tree(answer.body()).get("requestId").asText())
                .isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    private static String key(UnaryOperator<KeyEntry> change) {
        return sandbox.directory.key(tenant, change);
    }

    private static KeyEntry with(
            KeyEntry k,
            @Nullable Instant expires,
            @Nullable Instant revoked,
            List<String> addresses,
            Set<String> scopes) {
        return new KeyEntry(
                k.id(),
                k.tenant(),
                k.hash(),
                k.prefix(),
                k.mode(),
                scopes,
                expires,
                revoked,
                addresses,
                null,
                k.version());
    }

    private static KeyEntry share(KeyEntry k, int percent) {
        return new KeyEntry(
                k.id(),
                k.tenant(),
                k.hash(),
                k.prefix(),
                k.mode(),
                k.scopes(),
                null,
                null,
                List.of(),
                percent,
                k.version());
    }

    private static TenantEntry status(TenantEntry t, TenantStatus status) {
        return new TenantEntry(
                t.id(),
                t.slug(),
                t.name(),
                status,
                t.plan(),
                t.planLimits(),
                t.override(),
                t.weight(),
                t.maxConcurrent(),
                t.maxQueued(),
                t.pools(),
                t.fields(),
                t.spendCapped(),
                t.version());
    }
}
