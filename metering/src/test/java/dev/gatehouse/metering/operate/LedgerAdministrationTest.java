package dev.gatehouse.metering.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.EventFix;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringOperations;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.metering.UsageSamples;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.AddedOperations.Done;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The administration of the ledger")
final class LedgerAdministrationTest {
    private static final InternalSecrets SECRETS = new InternalSecrets(new byte[32]);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final TenantId STRANGER = UsageSamples.tenant(77);
    private static final String PRODUCER = "gw_admin.0";

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static EmbeddedRedis engine;
    private static Redis redis;
    private static MeteringModule metering;
    private static MeteringOperations operations;
    private static WebServer server;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        engine = EnginesForTests.ownRedis(folder);
        redis = Redis.connect(engine.url());
        InstantSource clock = InstantSource.system();
        metering = MeteringModule.open(
                DatabaseUrl.parse(EnginesForTests.newDatabase()), MeteringSettings.of(Settings.of(Map.of())), clock);
        metering.startWriters(redis, tenant -> !tenant.equals(STRANGER), "administration", new SimpleMeterRegistry());
        operations = metering.operations(redis);
        server = WebServer.start(
                vertx,
                WebServer.Options.loopback("admin"),
                router(MeteringModule.administration(() -> operations, clock)),
                new CallerGuard(SECRETS, "usage", clock),
                clock);
        Instant now = Instant.now();
        ship(
                UsageSamples.event(PRODUCER, 1, 1, now),
                new EventFix(null, STRANGER, null, null).apply(UsageSamples.event(PRODUCER, 1, 2, now)),
                UsageSamples.event(PRODUCER, 1, 3, now.plus(Duration.ofHours(1))),
                UsageSamples.event(PRODUCER, 1, 4, now));
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            gateway.sync().xadd(stream(), Map.of("what", new byte[5_000]));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> operations.deadLetters(10).size() == 3);
    }

    /** As a host does it, but for who may call. */
    private static Router router(AddedOperations added) {
        Map<String, ApiRouter.Handler> handlers = new HashMap<>(added.reads());
        added.changes()
                .forEach((id, change) -> handlers.put(id, call -> {
                    if (!call.isOn("dryRun")) {
                        return Response.ok(change.make(call).answer());
                    }
                    Done would = change.preview(call);
                    Map<String, Object> answer = new LinkedHashMap<>();
                    answer.put("dryRun", true);
                    answer.put("before", would.before());
                    answer.put("after", would.after());
                    return Response.ok(answer);
                }));
        Router router = new Router();
        ApiRouter.mount(router, added.description(), handlers);
        return router;
    }

    @AfterAll
    static void stop() {
        server.close();
        metering.close();
        redis.close();
        engine.close();
        vertx.close();
    }

    @Test
    @DisplayName("answers every reading operation as it is described, and what it refuses, too")
    void reads() throws Exception {
        JsonNode compared = call("reconcileUsage", "GET", "/reconciliation", null, 200);
        assertThat(compared.at("/sequences").size()).isPositive();
        call("reconcileUsage", "GET", "/reconciliation?from=2026-02-01&to=2026-01-01", null, 400);
        call("reconcileUsage", "GET", "/reconciliation?tenant=acme", null, 400);
        assertThat(call("verifyLedger", "GET", "/verification", null, 200)
                        .at("/holds")
                        .asBoolean())
                .isTrue();
        String hours = "/hours?from=" + Instant.now().minusSeconds(7_200) + "&to="
                + Instant.now().plusSeconds(60);
        assertThat(call("listUsageHours", "GET", hours, null, 200).at("/data").size())
                .isPositive();
        call("listUsageHours", "GET", "/hours?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z", null, 400);
    }

    @Test
    @DisplayName(
            "lists letters, shows what a replay would do, refuses one that would come back, and replays or dismisses")
    void letters() throws Exception {
        JsonNode letters = call("listDeadLetters", "GET", "/dead-letters?limit=10", null, 200)
                .at("/data");
        assertThat(letters).hasSize(3);
        long stranger = id(letters, "is not known");
        long future = id(letters, "lies in the future");
        long junk = id(letters, "lacks its field");

        JsonNode again = call("replayDeadLetter", "POST", "/dead-letters/" + stranger + "/replay", "{}", 400);
        assertThat(again.at("/errors/0/message").asText())
                .contains("would set the event aside again: tenant " + STRANGER + " is not known");
        call("replayDeadLetter", "POST", "/dead-letters/" + junk + "/replay", "{}", 400);
        call("replayDeadLetter", "POST", "/dead-letters/999999/replay", "{}", 404);
        String tenant = "{\"tenant\":\"" + UsageSamples.tenant(1) + "\"}";
        JsonNode trial =
                call("replayDeadLetter", "POST", "/dead-letters/" + stranger + "/replay?dryRun=true", tenant, 200);
        assertThat(trial.at("/after/tenant").asText())
                .isEqualTo(UsageSamples.tenant(1).value());
        assertThat(operations.deadLetters(10)).hasSize(3);

        call("replayDeadLetter", "POST", "/dead-letters/" + stranger + "/replay", tenant, 200);
        JsonNode given = call(
                "replayDeadLetter",
                "POST",
                "/dead-letters/" + future + "/replay",
                "{\"at\":\"" + Instant.now() + "\"}",
                200);
        assertThat(given.at("/producer").asText()).isEqualTo("replay-" + future);
        call("dismissDeadLetter", "POST", "/dead-letters/" + junk + "/dismiss?dryRun=true", null, 200);
        call("dismissDeadLetter", "POST", "/dead-letters/" + junk + "/dismiss?reason=zeros", null, 200);
        assertThat(call("listDeadLetters", "GET", "/dead-letters", null, 200).at("/data"))
                .isEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> operations.verify().events() == 4);

        call("repairCounters", "POST", "/reconciliation?dryRun=true", null, 200);
        JsonNode repaired = call("repairCounters", "POST", "/reconciliation?reason=test", null, 200);
        assertThat(repaired.at("/repaired").asLong()).isPositive();
        assertThat(repaired.at("/agrees").asBoolean()).isTrue();
    }

    private static long id(JsonNode letters, String reason) {
        for (JsonNode letter : letters) {
            if (letter.at("/reason").asText().contains(reason)) {
                return letter.at("/id").asLong();
            }
        }
        throw new AssertionError("no letter says " + reason + ": " + letters);
    }

    private static JsonNode call(String operation, String method, String path, @Nullable String body, int status)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve("/admin/v1/metering" + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(LedgerAdministration.description()
                        .faults(
                                operation,
                                status,
                                answer.headers().firstValue("Content-Type").orElse(""),
                                answer.body()))
                .as(answer.body())
                .isEmpty();
        return Json.tree(answer.body());
    }

    private static void ship(UsageEvent... events) {
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            for (UsageBatch entry : UsageSamples.entries(List.of(events), 50)) {
                gateway.sync().xadd(stream(), entry.toFields());
            }
        }
    }

    private static String stream() {
        return UsageStreams.stream(UsageStreams.shardOf(PRODUCER, UsageStreams.DEFAULT_SHARDS));
    }
}
