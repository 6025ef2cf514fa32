package dev.gatehouse.metering.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.EventFix;
import dev.gatehouse.metering.LatencySummary;
import dev.gatehouse.metering.LedgerFilter;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.metering.TenantDirectory;
import dev.gatehouse.metering.UsageSamples;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The usage API")
final class UsageApiTest {
    private static final InternalSecrets SECRETS = new InternalSecrets(new byte[32]);
    private static final int EVENTS = 1_000;
    private static Vertx vertx;
    private static Redis redis;
    private static MeteringModule metering;
    private static WebServer server;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        redis = Redis.connect(EnginesForTests.redis());
        InstantSource clock = InstantSource.system();
        metering = MeteringModule.open(
                DatabaseUrl.parse(EnginesForTests.newDatabase()), MeteringSettings.of(Settings.of(Map.of())), clock);
        metering.startWriters(redis, TenantDirectory.OPEN, "test", new SimpleMeterRegistry());
        Router router = new Router();
        metering.mount(router, redis);
        server = WebServer.start(
                vertx, WebServer.Options.loopback("usage"), router, new CallerGuard(SECRETS, "usage", clock), clock);
        Instant at = Instant.now().minusSeconds(1);
        String producer = "gw_usage.0";
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            String stream = UsageStreams.stream(UsageStreams.shardOf(producer, UsageStreams.DEFAULT_SHARDS));
            for (UsageBatch entry : UsageSamples.entries(producer, 1, 1, EVENTS, 100, at)) {
                gateway.sync().xadd(stream, entry.toFields());
            }
            UsageBatch mark = new UsageBatch(
                    UsageBatch.Kind.USAGE_MARK,
                    producer,
                    1,
                    EVENTS + 1,
                    0,
                    Long.toString(at.getEpochSecond() * 1_000_000)
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            gateway.sync().xadd(stream, mark.toFields());
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> metering.reader().completeUntil().isPresent());
    }

    @AfterAll
    static void stop() {
        server.close();
        metering.close();
        redis.close();
        vertx.close();
    }

    @Test
    @DisplayName("answers a tenant with its own sums, the last minute included, as described")
    void sums() throws Exception {
        long calls = 0;
        for (int tenant = 0; tenant < 5; tenant++) {
            for (String bucket : new String[] {"minute", "hour", "day"}) {
                HttpResponse<String> answer =
                        get(tenant, "/v2/account/usage?groupBy=operation,status&bucket=" + bucket);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(faults("getUsage", answer)).isEmpty();
                JsonNode json = Json.tree(answer.body());
                assertThat(json.at("/meta/completeUntil").isTextual()).isTrue();
                long sum = 0;
                for (JsonNode row : json.at("/data")) {
                    sum += row.at("/calls").asLong();
                }
                assertThat(sum).isEqualTo(EVENTS / 5);
                calls += bucket.equals("day") ? sum : 0;
            }
        }
        assertThat(calls).isEqualTo(EVENTS);
        JsonNode nobody = Json.tree(get(77, "/v2/account/usage").body());
        assertThat(nobody.at("/data").size()).isZero();
    }

    @Test
    @DisplayName("exports CSV when it is asked for")
    void csv() throws Exception {
        HttpRequest request = request(1, "/v2/account/usage?groupBy=key&bucket=day")
                .header("Accept", "text/csv")
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
        assertThat(answer.body()
                        .lines()
                        .skip(1)
                        .mapToLong(line -> Long.parseLong(line.split(",")[6]))
                        .sum())
                .isEqualTo(EVENTS / 5);
    }

    @Test
    @DisplayName(
            "tells percentiles by minute, hour or day, of each operation or of all, as described and as the calls were")
    void percentiles() throws Exception {
        String from = "from=" + Instant.now().minusSeconds(86_000).truncatedTo(ChronoUnit.SECONDS);
        for (String asked : new String[] {"", "&bucket=minute", "&bucket=hour", "&bucket=day"}) {
            for (String groupBy : new String[] {"", "&groupBy=operation"}) {
                HttpResponse<String> answer = get(1, "/v2/account/usage/latency?" + from + asked + groupBy);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(faults("getLatency", answer)).isEmpty();
                long calls = 0;
                for (JsonNode row : Json.tree(answer.body()).at("/data")) {
                    calls += row.at("/calls").asLong();
                    assertThat(row.has("operation")).isEqualTo(!groupBy.isEmpty());
                    assertThat(row.at("/maxMillis").asDouble()).isLessThan(9.1);
                }
                assertThat(calls).isEqualTo(EVENTS / 5);
            }
        }
        double[] millis = LongStream.rangeClosed(1, EVENTS)
                .mapToObj(seq -> UsageSamples.event("gw_usage.0", 1, seq, Instant.EPOCH))
                .filter(event -> event.tenant().equals(UsageSamples.tenant(1)))
                .mapToDouble(event -> event.totalMicros() / 1_000.0)
                .sorted()
                .toArray();
        JsonNode all =
                Json.tree(get(1, "/v2/account/usage/latency?" + from).body()).at("/data/0");
        assertThat(all.at("/p99Millis").asDouble())
                .isCloseTo(millis[(int) Math.floor(0.99 * (millis.length - 1))], withinPercentage(1.1));
        assertThat(all.at("/p50Millis").asDouble())
                .isCloseTo(millis[(int) Math.floor(0.5 * (millis.length - 1))], withinPercentage(1.1));
        assertThat(all.at("/p99Millis").asText()).hasSizeLessThanOrEqualTo(5);
        HttpResponse<String> wide = get(1, "/v2/account/usage/latency?bucket=minute&from=2026-01-01T00:00:00Z");
        assertThat(wide.statusCode()).isEqualTo(400);
        assertThat(faults("getLatency", wide)).isEmpty();
    }

    @Test
    @DisplayName("tells the same percentiles from whole hours as from their minutes")
    void hours() throws Exception {
        TenantId tenant = UsageSamples.tenant(8);
        Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS).minusSeconds(4 * 3_600 + 600);
        String producer = "gw_hours.0";
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            String stream = UsageStreams.stream(UsageStreams.shardOf(producer, UsageStreams.DEFAULT_SHARDS));
            for (int half = 0; half < 2; half++) {
                List<UsageEvent> events = new ArrayList<>();
                for (long seq = 1 + half * 150L; seq <= 150 + half * 150L; seq++) {
                    events.add(new EventFix(begin.plusSeconds(seq * 40), tenant, null, null)
                            .apply(UsageSamples.event(producer, 1, seq, begin)));
                }
                for (UsageBatch entry : UsageSamples.entries(events, 50)) {
                    gateway.sync().xadd(stream, entry.toFields());
                }
            }
        }
        String path = "/v2/account/usage/latency?from=" + begin + "&bucket=";
        await().atMost(Duration.ofSeconds(20))
                .until(() -> calls(Json.tree(get(8, path + "minute").body())) == 300);
        JsonNode byHour = Json.tree(get(8, path + "hour").body());
        assertThat(calls(byHour)).isEqualTo(300);
        assertThat(byHour.at("/data").size()).isBetween(4, 5);
        LatencySummary whole =
                metering.reader().latencyOfAll(tenant, begin, Instant.now()).orElseThrow();
        assertThat(whole.calls()).isEqualTo(300);
        assertThat(whole).isEqualTo(ofOneSketch(begin));
    }

    /** Of the same calls, put into a single sketch. */
    private static LatencySummary ofOneSketch(Instant begin) {
        double[] millis = LongStream.rangeClosed(1, 300)
                .mapToDouble(
                        seq -> UsageSamples.event("gw_hours.0", 1, seq, begin).totalMicros() / 1_000.0)
                .toArray();
        DDSketch sketch = DDSketches.collapsingLowestDense(0.01, 1_024);
        for (double value : millis) {
            sketch.accept(value);
        }
        double[] at = sketch.getValuesAtQuantiles(new double[] {0.5, 0.9, 0.95, 0.99});
        return new LatencySummary("", millis.length, at[0], at[1], at[2], at[3], sketch.getMaxValue());
    }

    private static long calls(JsonNode answer) {
        long calls = 0;
        for (JsonNode row : answer.at("/data")) {
            calls += row.at("/calls").asLong();
        }
        return calls;
    }

    @Test
    @DisplayName("counts today's calls from Redis, before the ledger has them, and says how many are under way")
    void today() throws Exception {
        TenantId tenant = UsageSamples.tenant(4);
        String counters = UsageStreams.counters(tenant, LocalDate.now(ZoneOffset.UTC));
        long ledgered = EVENTS / 5;
        redis.commands().del(counters);
        HttpResponse<String> without = get(4, "/v2/account/usage/today");
        assertThat(faults("getUsageToday", without)).isEmpty();
        assertThat(Json.tree(without.body()).at("/data/calls").asLong()).isEqualTo(ledgered);

        String key = UsageSamples.key(1).value();
        redis.commands()
                .hset(
                        counters,
                        Map.of(
                                "calls",
                                Long.toString(ledgered + 7),
                                "units",
                                "5000",
                                UsageStreams.keyCalls(key),
                                "190",
                                UsageStreams.keyUnits(key),
                                "200",
                                UsageStreams.operationCalls("newOperation"),
                                "7",
                                UsageStreams.operationUnits("newOperation"),
                                "9"));
        HttpResponse<String> answer = get(4, "/v2/account/usage/today");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(faults("getUsageToday", answer)).isEmpty();
        JsonNode today = Json.tree(answer.body()).at("/data");
        assertThat(today.at("/source").asText()).isEqualTo("counters");
        assertThat(today.at("/calls").asLong()).isEqualTo(ledgered + 7);
        assertThat(today.at("/ledgeredCalls").asLong()).isEqualTo(ledgered);
        assertThat(today.at("/keys"))
                .anyMatch(row ->
                        row.at("/name").asText().equals(key) && row.at("/calls").asLong() == 190);
        assertThat(today.at("/operations"))
                .anyMatch(row -> row.at("/name").asText().equals("newOperation")
                        && row.at("/units").asLong() == 9)
                .anyMatch(row -> row.at("/name").asText().equals("getListing")
                        && row.at("/calls").asLong() > 0);
        HttpResponse<String> sums = get(4, "/v2/account/usage");
        assertThat(faults("getUsage", sums)).isEmpty();
        assertThat(Json.tree(sums.body()).at("/meta/underWay").asLong()).isEqualTo(7);
        redis.commands().del(counters);
    }

    @Test
    @DisplayName("names what does not fit together")
    void invalid() throws Exception {
        HttpResponse<String> answer =
                get(1, "/v2/account/usage?bucket=minute&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(faults("getUsage", answer)).isEmpty();
        assertThat(Json.tree(answer.body()).at("/errors/0/field").asText()).isEqualTo("from");
        assertThat(get(1, "/v2/account/usage?bucket=week").statusCode()).isEqualTo(400);
    }

    @Test
    @DisplayName("refuses a call that no gateway vouches for")
    void unvouched() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/v2/account/usage"))
                .build();
        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
    }

    @Test
    @DisplayName("lists the last calls, as described, and finds one by its request id")
    void calls() throws Exception {
        HttpResponse<String> answer = get(2, "/v2/account/usage/calls?limit=20");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(faults("listCalls", answer)).isEmpty();
        JsonNode first = Json.tree(answer.body()).at("/data/0");
        assertThat(Json.tree(answer.body()).at("/data").size()).isEqualTo(20);
        TenantId tenant = UsageSamples.tenant(2);
        assertThat(metering.reader().call(tenant, first.at("/requestId").asText()))
                .isPresent();
        assertThat(metering.reader()
                        .call(UsageSamples.tenant(1), first.at("/requestId").asText()))
                .isEmpty();
    }

    @Test
    @DisplayName("finds a call by the id that its client gave it, in the client's own calls only")
    void namedByClient() {
        LedgerRow named = metering.reader().lastCalls(UsageSamples.tenant(2), 100).stream()
                .filter(row -> row.event().clientRequestId() != null)
                .findFirst()
                .orElseThrow();
        String own = String.valueOf(named.event().clientRequestId());
        assertThat(metering.reader().call(UsageSamples.tenant(2), own))
                .hasValueSatisfying(row -> assertThat(row.event().requestId())
                        .isEqualTo(named.event().requestId()));
        assertThat(metering.reader().call(UsageSamples.tenant(1), own)).isEmpty();
        // a part of an id, and a word that stands elsewhere in the frame, are no ids
        assertThat(metering.reader().call(UsageSamples.tenant(2), own.substring(1)))
                .isEmpty();
        assertThat(metering.reader().call(UsageSamples.tenant(2), "listings")).isEmpty();
    }

    @Test
    @DisplayName("sends live usage as server-sent events")
    void live() throws Exception {
        HttpRequest request = request(1, "/v2/account/usage/live").build();
        try (var lines = HTTP.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            String data =
                    lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
            assertThat(Json.tree(data.substring(6)).at("/minutes").isArray()).isTrue();
            assertThat(Json.tree(data.substring(6)).at("/today/calls").asLong()).isEqualTo(EVENTS / 5);
        }
    }

    @Test
    @DisplayName("pages through the ledger's rows without loss or repetition, and sums up percentiles")
    void pages() {
        TenantId tenant = UsageSamples.tenant(3);
        LedgerFilter filter = LedgerFilter.all(tenant, Instant.now().minusSeconds(3_600), Instant.now());
        Set<String> seen = new HashSet<>();
        String cursor = null;
        int pages = 0;
        do {
            LedgerPage page = metering.reader().rows(filter, cursor, 30);
            page.rows().forEach(row -> assertThat(seen.add(row.event().id())).isTrue());
            cursor = page.next();
            pages++;
        } while (cursor != null && pages < 100);
        assertThat(seen).hasSize(EVENTS / 5);
        assertThat(metering.reader().latency(tenant, filter.from(), filter.to()))
                .isNotEmpty()
                .allSatisfy(summary -> assertThat(summary.p99()).isBetween(7.9, 9.1));
    }

    private static HttpResponse<String> get(int tenant, String path) throws Exception {
        return HTTP.send(request(tenant, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int tenant, String path) {
        CallerIdentity caller = new CallerIdentity(
                UsageSamples.tenant(tenant),
                "t" + tenant,
                "growth",
                UsageSamples.key(1),
                KeyMode.LIVE,
                Set.of("*"),
                Set.of("*"),
                "req_1",
                Instant.now());
        return HttpRequest.newBuilder(URI.create(server.uri() + path))
                .header(
                        IdentitySeal.HEADER,
                        new IdentitySeal(SECRETS, "usage").seal(caller, new SealedCall("GET", path)));
    }

    private static java.util.List<String> faults(String operation, HttpResponse<String> answer) {
        return MeteringModule.description()
                .faults(
                        operation,
                        answer.statusCode(),
                        answer.headers().firstValue("Content-Type").orElse(""),
                        answer.body());
    }
}
