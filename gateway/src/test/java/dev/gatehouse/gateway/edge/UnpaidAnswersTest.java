package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.gateway.turn.AnswerPace;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.redis.Redis;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Answers that nobody pays for")
class UnpaidAnswersTest {
    private static final int CONNECTIONS = 20;
    private static final Duration LENGTH = Duration.ofMillis(1_500);
    private static final Limits EMPTY = new Limits(1_000, 1, 1);

    private static Sandbox sandbox;
    private static GatewayModule gateway;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        sandbox.directory.route(new RouteEntry(
                "described",
                "described",
                List.of("/v2/described"),
                List.of(
                        Sandbox.operation("read", "GET", "/v2/described/{id}", 1),
                        Sandbox.operation("free", "GET", "/v2/described/free/{id}", 0)),
                List.of(new PoolEntry("main", List.of(sandbox.service.url()), null, 0)),
                "described",
                1,
                false,
                1_000,
                1_000,
                0));
        gateway = sandbox.clearHttp2("unpaid");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    /** A call that costs its sender nothing. */
    private record Kind(String name, String method, String path, UnaryOperator<KeyEntry> key, int status) {
        Kind(String name, String method, String path, int status) {
            this(name, method, path, entry -> entry, status);
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("no such path", "GET", "/v2/nothing", 404),
            new Kind("no such method", "DELETE", "/v2/described/7", 405),
            new Kind("options", "OPTIONS", "/v2/described/7", 405),
            new Kind("limits", "GET", "/v2/account/limits", 200),
            new Kind("head of limits", "HEAD", "/v2/account/limits", 200),
            new Kind("a free operation", "GET", "/v2/described/free/echo", 200),
            new Kind("malformed", "GET", "/v2/things/%2e%2e/x", 400),
            new Kind("an empty bucket", "GET", "/v2/things/echo", 429),
            new Kind(
                    "a scope that is missing",
                    "GET",
                    "/v2/described/7",
                    k -> with(k, Set.of("other"), null, null),
                    403),
            new Kind("another address", "GET", "/v2/things/echo", k -> with(k, k.scopes(), null, "10.0.0.0/8"), 403),
            new Kind("a revoked key", "GET", "/v2/things/echo", k -> with(k, k.scopes(), Instant.EPOCH, null), 401));

    @Test
    @DisplayName("over HTTP/1 leave at a pace of their own, with no more questions to Redis, whatever they answer")
    void http1() throws Exception {
        HttpClientAgent client = sandbox.vertx.createHttpClient(
                new HttpClientOptions().setDefaultPort(gateway.port()),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(-1));
        flood(client, CONNECTIONS);
    }

    @Test
    @DisplayName("over HTTP/2 leave at the same pace")
    void http2() throws Exception {
        HttpClientAgent client = sandbox.vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultPort(gateway.port())
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp2MaxSize(4).setMaxWaitQueueSize(-1));
        flood(client, 4 * 40);
    }

    private static void flood(HttpClientAgent client, int atOnce) throws Exception {
        for (Kind kind : KINDS) {
            TenantId tenant = sandbox.directory.tenant("unpaid", EMPTY, 1, 1_000, 1_000);
            String key = sandbox.directory.key(tenant, kind.key);
            String other = sandbox.directory.key(tenant);
            sandbox.synced(gateway);
            assertThat(sandbox.get(gateway, other, "/v2/things/echo").statusCode())
                    .isEqualTo(200);
            long redis = admissions();
            Map<Integer, Integer> answers = storm(client, kind, key, atOnce);
            int all = answers.values().stream().mapToInt(Integer::intValue).sum();
            double seconds = LENGTH.toMillis() / 1_000.0;
            assertThat(answers).as("%s", kind).containsKey(kind.status);
            assertThat(answers.keySet()).as("%s", kind).isSubsetOf(kind.status, 429);
            // those that find no place in the row wait a second each
            assertThat(all).as("%s: %s", kind, answers).isLessThan((int)
                    (AnswerPace.AT_ONCE + AnswerPace.PER_SECOND * (seconds + 1.5) + 2 * atOnce));
            assertThat((double) (admissions() - redis))
                    .as("%s: %s", kind, answers)
                    .isLessThan(AnswerPace.AT_ONCE + AnswerPace.PER_SECOND * (seconds + 1.5) + 50);
        }
        client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Sends so many calls at once for a while, each as soon as one is answered, and waits for the last. */
    private static Map<Integer, Integer> storm(HttpClientAgent client, Kind kind, String key, int atOnce)
            throws InterruptedException {
        Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
        long end = System.nanoTime() + LENGTH.toNanos();
        CountDownLatch done = new CountDownLatch(atOnce);
        for (int i = 0; i < atOnce; i++) {
            next(client, kind, key, answers, end, done);
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        Map<Integer, Integer> counts = new TreeMap<>();
        answers.forEach((status, count) -> counts.put(status, count.get()));
        return counts;
    }

    private static void next(
            HttpClientAgent client,
            Kind kind,
            String key,
            Map<Integer, AtomicInteger> answers,
            long end,
            CountDownLatch done) {
        if (System.nanoTime() > end) {
            done.countDown();
            return;
        }
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.valueOf(kind.method))
                        .setPort(gateway.port())
                        .setHost("127.0.0.1")
                        .setURI(kind.path)
                        .putHeader("X-API-Key", key))
                .compose(HttpClientRequest::send)
                .compose(answer -> {
                    answers.computeIfAbsent(answer.statusCode(), s -> new AtomicInteger())
                            .incrementAndGet();
                    return answer.body();
                })
                .otherwise(Buffer.buffer())
                .onComplete(v -> next(client, kind, key, answers, end, done));
    }

    @Test
    @DisplayName("come at once to whoever is not flooding: the first hundred, and another tenant's beside a flood")
    void unnoticed() throws Exception {
        String quiet = sandbox.directory.key(sandbox.directory.tenant("unnoticed", EMPTY));
        String loud = sandbox.directory.key(sandbox.directory.tenant("noticed", EMPTY));
        sandbox.synced(gateway);
        HttpClientAgent client = sandbox.vertx.createHttpClient(
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(-1));
        Thread flood = Thread.ofVirtual().start(() -> {
            try {
                storm(client, KINDS.getFirst(), loud, CONNECTIONS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            HttpResponse<String> answer =
                    sandbox.get(gateway, quiet, i % 2 == 0 ? "/v2/nothing" : "/v2/account/limits");
            assertThat(answer.statusCode()).isIn(200, 404);
            String took = answer.headers().firstValue("x-response-time").orElseThrow();
            millis.add(Long.parseLong(took.replace("ms", "")));
        }
        flood.join();
        client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        // a busy machine delays one now and then; the pace would delay all that follow
        assertThat(millis.stream().sorted().toList().get(80)).isLessThan(100);
    }

    @Test
    @DisplayName(
            "for a key of nobody, or none, are paced by address, and a tenant's own calls from there are not held up")
    void byAddress() throws Exception {
        String own = sandbox.directory.key(sandbox.directory.tenant("same-address", new Limits(1_000, 1_000, 1_000)));
        sandbox.synced(gateway);
        HttpClientAgent client = sandbox.vertx.createHttpClient(
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(-1));
        for (String key : List.of(ApiKey.generate(KeyMode.LIVE), "mistyped")) {
            Map<Integer, Integer> answers =
                    storm(client, new Kind("nobody", "GET", "/v2/things/echo", 401), key, CONNECTIONS);
            // on a busy machine the directory may take longer than the 50 ms that it is given
            assertThat(answers.keySet()).contains(401).isSubsetOf(401, 503);
            assertThat(answers.getOrDefault(401, 0))
                    .isLessThan(AnswerPace.AT_ONCE + 3 * AnswerPace.PER_SECOND + 2 * CONNECTIONS);
        }
        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(sandbox.get(gateway, own, "/v2/things/echo").statusCode())
                    .isEqualTo(200);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("whose cost is given back, as the service fails them, are bounded too")
    void givenBack() throws Exception {
        String key = sandbox.directory.key(
                sandbox.directory.tenant("given-back", new Limits(10_000_000, 1_000_000, 10_000_000), 1, 1_000, 1_000));
        sandbox.synced(gateway);
        HttpClientAgent client = sandbox.vertx.createHttpClient(
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(-1));
        Map<Integer, Integer> answers =
                storm(client, new Kind("failing", "GET", "/v2/things/status?code=500", 500), key, CONNECTIONS);
        assertThat(answers).containsOnlyKeys(500);
        assertThat((double) answers.getOrDefault(500, 0))
                .isLessThan(AnswerPace.GIVEN_BACK_PER_SECOND * (1 + LENGTH.toMillis() / 1_000.0 + 1) + 2 * CONNECTIONS);
        client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("hold a flood back on its own connections, whole and true")
    void whole() {
        String key = sandbox.directory.key(sandbox.directory.tenant("whole", EMPTY));
        sandbox.synced(gateway);
        sandbox.get(gateway, key, "/v2/things/echo");
        for (int i = 0; i < AnswerPace.AT_ONCE + 50; i++) {
            HttpResponse<String> answer = sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo"))
                    .header("X-API-Key", key));
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).contains("rate_limited");
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            assertThat(answer.headers().firstValue("x-ratelimit-remaining")).isPresent();
        }
    }

    /** Questions to Redis whether a call may go in, so far. */
    private static long admissions() {
        try (Redis redis = Redis.connect(EnginesForTests.redis())) {
            return redis.commands()
                    .info("commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_evalsha:"))
                    .mapToLong(line -> Long.parseLong(line.replaceFirst(".*calls=([0-9]+),.*", "$1")))
                    .sum();
        }
    }

    private static KeyEntry with(KeyEntry k, Set<String> scopes, @Nullable Instant revoked, @Nullable String address) {
        return new KeyEntry(
                k.id(),
                k.tenant(),
                k.hash(),
                k.prefix(),
                k.mode(),
                scopes,
                null,
                revoked,
                address == null ? List.of() : List.of(address),
                null,
                k.version());
    }
}
