package dev.gatehouse.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiOperation;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The service over real engines and real HTTP; every answer of a described operation is held against its description. */
final class EnrichmentForTests implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final InternalSecrets SECRETS =
            new InternalSecrets("a test's master secret, 32 bytes and more".getBytes(StandardCharsets.UTF_8));

    record Answer(int status, HttpResponse<String> raw) {
        JsonNode json() {
            return Json.tree(raw.body());
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    /** Who calls. */
    record Caller(TenantId tenant, KeyMode mode, Set<String> fields) {
        static Caller live(String... fields) {
            return new Caller(
                    new TenantId(PrefixedId.next("tnt", new SettableClock(START))), KeyMode.LIVE, Set.of(fields));
        }

        static Caller test() {
            return new Caller(
                    new TenantId(PrefixedId.next("tnt", new SettableClock(START))), KeyMode.TEST, Set.of("*"));
        }
    }

    final SettableClock clock = new SettableClock(START);
    final String database = EnginesForTests.newDatabase();
    final FeedByHand feed;
    private final Queues queues = Queues.connect(Optional.of(URI.create(EnginesForTests.queue())), "us-east-1");
    final Redis redis = Redis.connect(EnginesForTests.redis());
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private EnrichmentModule module;

    /** @param before what the snapshot says, by which the new service is filled */
    EnrichmentForTests(List<DomainEvent> before) throws SQLException, IOException {
        feed = new FeedByHand(queues, before);
        module = open();
    }

    private EnrichmentModule open() throws SQLException, IOException {
        return EnrichmentModule.start(
                new EnrichmentModule.Parts(DatabaseUrl.parse(database), redis, 1, queues, vertx, SECRETS, clock),
                feed,
                feed::snapshot);
    }

    void restart() throws SQLException, IOException {
        module.close();
        module = open();
    }

    Answer get(Caller caller, String path) {
        return call(caller, "GET", path, "", "application/json");
    }

    Answer get(String path) {
        return get(Caller.live("*"), path);
    }

    Answer byAddress(String address) {
        return get("/v2/enrichment?address=" + URLEncoder.encode(address, StandardCharsets.UTF_8));
    }

    Answer call(Caller caller, String method, String path, String body, String contentType) {
        CallerIdentity identity = new CallerIdentity(
                caller.tenant(),
                "acme-corp",
                "growth",
                new KeyId(PrefixedId.next("key", clock)),
                caller.mode(),
                Set.of("*"),
                caller.fields(),
                "req_1",
                clock.instant());
        Answer answer = send(HttpRequest.newBuilder(module.uri().resolve(path))
                .header(IdentitySeal.HEADER, new IdentitySeal(SECRETS.identityKey()).seal(identity))
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
        checked(method, path.split("\\?", 2)[0], answer);
        return answer;
    }

    Answer internal(String method, String path) {
        return send(HttpRequest.newBuilder(module.uri().resolve(path))
                .header(InternalSecrets.PROCESS_HEADER, SECRETS.processToken())
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    Answer fromNobody(String path) {
        return send(HttpRequest.newBuilder(module.uri().resolve(path)));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void checked(String method, String path, Answer answer) {
        for (ApiDescription description : List.of(EnrichmentModule.v1(), EnrichmentModule.v2())) {
            for (ApiOperation operation : description.operations()) {
                String pattern = operation.path().replaceAll("\\{[^}]+}", "[^/]+");
                if (operation.method().equals(method) && path.matches(pattern)) {
                    assertThat(description.faults(
                                    operation.id(),
                                    answer.status(),
                                    answer.header("content-type"),
                                    answer.raw().body()))
                            .as("%s %s answered %s", method, path, answer.raw().body())
                            .isEmpty();
                }
            }
        }
    }

    @Override
    public void close() {
        module.close();
        queues.close();
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
