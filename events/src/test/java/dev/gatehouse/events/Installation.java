package dev.gatehouse.events;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.feed.HttpFeed;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A feed of its own on a new database. */
final class Installation implements AutoCloseable {
    static final InternalSecrets SECRETS =
            new InternalSecrets("a master secret of at least 32 bytes".getBytes(StandardCharsets.UTF_8));

    final String url = EnginesForTests.newDatabase();
    final Vertx vertx = Vertx.vertx();
    final HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(30));
    final Queues queues;
    private EventsModule events;
    final HttpFeed feed = new HttpFeed(this::uri, SECRETS, caller);

    Installation(String queueUrl, String... consumers) throws SQLException, IOException {
        queues = Queues.connect(Optional.of(URI.create(queueUrl)), "us-east-1");
        events = start(List.of(consumers));
    }

    private EventsModule start(List<String> consumers) throws SQLException, IOException {
        return EventsModule.start(
                DatabaseUrl.parse(url),
                queues,
                vertx,
                SECRETS,
                InstantSource.system(),
                new EventsModule.Options(0, consumers));
    }

    /** The feed's process dies and another takes its place. */
    void restart(String... consumers) throws SQLException, IOException {
        events.close();
        events = start(List.of(consumers));
    }

    URI uri() {
        return events.uri();
    }

    HttpCaller.Answer get(TenantId tenant, String path) throws IOException {
        return caller.get(uri().resolve(path), Map.of(IdentitySeal.HEADER, sealed(tenant, path)));
    }

    /** By the tenant's test-mode key. */
    HttpCaller.Answer getTesting(TenantId tenant, String path) throws IOException {
        return caller.get(uri().resolve(path), Map.of(IdentitySeal.HEADER, sealed(tenant, KeyMode.TEST, path)));
    }

    /** For a GET of this target. */
    static String sealed(TenantId tenant, String target) {
        return sealed(tenant, KeyMode.LIVE, target);
    }

    private static String sealed(TenantId tenant, KeyMode mode, String target) {
        return new IdentitySeal(SECRETS, EventsModule.SERVICE)
                .seal(
                        new CallerIdentity(
                                tenant,
                                "acme-corp",
                                "pro",
                                KeyId.next(InstantSource.system()),
                                mode,
                                Set.of("events"),
                                Set.of("*"),
                                "req_1",
                                Instant.now()),
                        new SealedCall("GET", target));
    }

    @Override
    public void close() {
        events.close();
        caller.close();
        queues.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
