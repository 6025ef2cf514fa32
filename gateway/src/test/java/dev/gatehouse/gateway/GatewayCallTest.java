package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.json.Json;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A call through the gateway")
class GatewayCallTest {
    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static TenantId tenant;
    private static String key;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        tenant = sandbox.directory.tenant("acme-corp", new Limits(1_000, 60, 60));
        key = sandbox.directory.key(tenant);
        gateway = sandbox.gateway("calls");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("reaches the service with a sealed identity and comes back with the tenant's limits")
    void throughAndBack() {
        HttpResponse<String> answer =
                sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo?city=Toledo&select=A,B"))
                        .header("Authorization", "Bearer " + key)
                        .header("X-Request-ID", "mine-1")
                        .header("Gatehouse-Caller", "forged")
                        .header("X-RateLimit-Plan", "forged"));

        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, List<String>> headers = answer.headers().map();
        assertThat(headers.get("x-ratelimit-tenant")).containsExactly("acme-corp");
        assertThat(headers.get("x-ratelimit-plan")).containsExactly("growth");
        assertThat(headers.get("x-ratelimit-limit")).containsExactly("1000");
        assertThat(headers.get("ratelimit-policy")).containsExactly("\"burst\";q=60;w=60, \"daily\";q=1000;w=86400");
        assertThat(answer.headers().firstValue("ratelimit").orElseThrow())
                .matches("\"burst\";r=\\d+;t=\\d+, \"daily\";r=\\d+;t=\\d+");
        assertThat(answer.headers().firstValue("x-request-id").orElseThrow()).startsWith("req_");
        assertThat(answer.headers().firstValue("x-response-time").orElseThrow()).matches("\\d+ms");
        long midnight = LocalDate.now(ZoneOffset.UTC).plusDays(1).toEpochSecond(LocalTime.MIN, ZoneOffset.UTC);
        assertThat(headers.get("x-ratelimit-reset")).containsExactly(Long.toString(midnight));
        assertThat(headers).doesNotContainKey("gatehouse-inner");

        var seen = Json.tree(answer.body()).get("headers");
        assertThat(seen.has("x-api-key")).isFalse();
        assertThat(seen.has("authorization")).isFalse();
        assertThat(seen.has("x-ratelimit-plan")).isFalse();
        assertThat(seen.get("x-request-id").asText())
                .isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
        assertThat(seen.get("gatehouse-caller").asText()).isNotEqualTo("forged");
    }

    @Test
    @DisplayName("leaves one complete usage event on the stream, counters, and a line in the access log")
    void leavesAnEvent() throws Exception {
        HttpResponse<String> answer = sandbox.get(gateway, key, "/v2/things/echo?city=Toledo&select=A,B");
        String requestId = answer.headers().firstValue("x-request-id").orElseThrow();

        UsageEvent event =
                await().until(() -> find(requestId), Optional::isPresent).orElseThrow();

        assertThat(event.tenant()).isEqualTo(tenant);
        assertThat(event.status()).isEqualTo(200);
        assertThat(event.completion()).isEqualTo(Completion.COMPLETE);
        assertThat(event.operation()).isEqualTo("things.GET");
        assertThat(event.version()).isEqualTo("v2");
        assertThat(event.parameters()).containsExactly("city", "select");
        assertThat(event.fields()).containsExactly("A", "B");
        assertThat(event.charged()).isEqualTo(1);
        assertThat(event.billable()).isTrue();
        assertThat(event.responseBytes()).isEqualTo(answer.body().length());
        assertThat(event.admission().quotaUsedAfter() - event.admission().quotaUsedBefore())
                .isEqualTo(1);
        await().untilAsserted(() -> {
            String log = Files.readString(sandbox.folder("calls").resolve("access.log"));
            String line =
                    log.lines().filter(l -> l.contains(requestId)).findFirst().orElseThrow();
            assertThat(Json.tree(line).get("tenant").asText()).isEqualTo("acme-corp");
            assertThat(line).doesNotContain(key);
        });
        try (StatefulRedisConnection<String, byte[]> redis = connect()) {
            String counters = UsageStreams.counters(tenant, LocalDate.now(ZoneOffset.UTC));
            await().untilAsserted(
                            () -> assertThat(redis.sync().hget(counters, UsageStreams.operationCalls("things.GET")))
                                    .isNotNull());
        }
    }

    @Test
    @DisplayName("sends a body on as it is, with its length or in chunks")
    void sendsBodies() {
        HttpResponse<String> answer = sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo"))
                .header("X-API-Key", key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[200_000])));
        assertThat(Json.tree(answer.body()).get("bodyBytes").asInt()).isEqualTo(200_000);

        HttpResponse<String> chunked = sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/echo"))
                .header("X-API-Key", key)
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[300_000]))));
        assertThat(Json.tree(chunked.body()).get("bodyBytes").asInt()).isEqualTo(300_000);
    }

    private static Optional<UsageEvent> find(String requestId) throws Exception {
        List<UsageEvent> found = new ArrayList<>();
        try (StatefulRedisConnection<String, byte[]> redis = connect()) {
            for (int shard = 0; shard < UsageStreams.DEFAULT_SHARDS; shard++) {
                for (StreamMessage<String, byte[]> entry :
                        redis.sync().xrange(UsageStreams.stream(shard), Range.unbounded())) {
                    UsageBatch batch = UsageBatch.ofFields(entry.getBody());
                    if (batch.kind() == UsageBatch.Kind.USAGE) {
                        batch.forEach((seq, bytes, offset, length) -> {
                            UsageEvent event =
                                    UsageEventCodec.decode(batch.producer(), batch.epoch(), seq, bytes, offset, length);
                            if (event.requestId().equals(requestId)) {
                                found.add(event);
                            }
                        });
                    }
                }
            }
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static StatefulRedisConnection<String, byte[]> connect() {
        return RedisClient.create(EnginesForTests.redis())
                .connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    }
}
