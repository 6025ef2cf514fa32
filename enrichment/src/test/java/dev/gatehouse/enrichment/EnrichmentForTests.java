package dev.gatehouse.enrichment;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.ServiceForTests;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The service over real engines and real HTTP; every answer of a described operation is held against its description. */
final class EnrichmentForTests implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    final SettableClock clock = new SettableClock(START);
    final String database = EnginesForTests.newDatabase();
    final FeedByHand feed;
    private final Queues queues = Queues.connect(Optional.of(URI.create(EnginesForTests.queue())), "us-east-1");
    final Redis redis = Redis.connect(EnginesForTests.redis());
    private final Vertx vertx = Vertx.vertx();
    private EnrichmentModule module;
    private final ServiceForTests service = new ServiceForTests(
            "enrichment", () -> module.uri(), clock, List.of(EnrichmentModule.v1(), EnrichmentModule.v2()));

    /** @param before what the snapshot says, by which the new service is filled */
    EnrichmentForTests(List<DomainEvent> before) throws SQLException, IOException {
        feed = new FeedByHand(queues, before);
        module = open();
    }

    private EnrichmentModule open() throws SQLException, IOException {
        return EnrichmentModule.start(
                new EnrichmentModule.Parts(
                        DatabaseUrl.parse(database), redis, 1, queues, vertx, ServiceForTests.SECRETS, clock),
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
        return get(Caller.live(), path);
    }

    Answer byAddress(String address) {
        return get("/v2/enrichment?address=" + URLEncoder.encode(address, StandardCharsets.UTF_8));
    }

    Answer call(Caller caller, String method, String path, String body, String contentType) {
        return service.call(caller, method, path, body, "Content-Type", contentType);
    }

    /** A POST of a job under an idempotency key. */
    Answer postOnce(Caller caller, String rows, String key) {
        return service.call(
                caller,
                "POST",
                "/v2/enrichment/batch",
                rows,
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                key);
    }

    Answer internal(String method, String path) {
        return service.internal(method, path, "");
    }

    Answer fromNobody(String path) {
        return service.fromNobody(path);
    }

    /** The description's examples that no test-mode key is answered. */
    List<String> untrueExamples() {
        return service.untrueExamples();
    }

    @Override
    public void close() {
        module.close();
        queues.close();
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
