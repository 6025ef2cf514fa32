package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.webhooks.store.Producer;
import dev.gatehouse.events.EventsModule;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.HttpFeed;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.Shares;
import dev.gatehouse.webhooks.WebhooksModule;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts of an installation that a delivery passes, put together as the program does. */
final class Pieces {
    static final InternalSecrets SECRETS =
            new InternalSecrets("the master secret of a bench, 32 bytes".getBytes(StandardCharsets.UTF_8));

    private static final InstantSource CLOCK = InstantSource.system();

    private Pieces() {}

    static Queues queues(String url) {
        return Queues.connect(Optional.of(URI.create(url)), "us-east-1");
    }

    static EventsModule events(DatabaseUrl url, Queues queues, Vertx vertx, int port) throws SQLException, IOException {
        return EventsModule.start(
                url, queues, vertx, SECRETS, CLOCK, new EventsModule.Options(port, List.of(WebhooksModule.SERVICE)));
    }

    static Feed feed(URI events, Vertx vertx) {
        return new HttpFeed(() -> events, SECRETS, new HttpCaller(vertx, Duration.ofSeconds(5)));
    }

    /** Hands the bench's own outbox over. */
    static OutboxRelay relay(Producer producer, Feed feed) {
        return OutboxRelay.start(producer.database(), producer.outbox(), feed);
    }

    static WebhooksModule webhooks(DatabaseUrl url, Queues queues, Vertx vertx, Feed feed, int port)
            throws SQLException, IOException {
        return WebhooksModule.start(
                new WebhooksModule.Parts(url, queues, vertx, SECRETS, CLOCK),
                feed,
                new WebhooksModule.Options(
                        port,
                        WebhooksModule.Receivers.ALSO_ON_THIS_MACHINE,
                        tenant -> new Shares.Share(1, 100_000),
                        (tenant, endpoint, address, reason) ->
                                System.err.println(endpoint + " was disabled: " + reason)));
    }

    /** The caller that a gateway would tell the service of. */
    static Map<String, String> sealed(TenantId tenant, String method, String path) {
        String seal = new IdentitySeal(SECRETS, WebhooksModule.SERVICE)
                .seal(
                        new CallerIdentity(
                                tenant,
                                "bench",
                                "scale",
                                KeyId.next(CLOCK),
                                KeyMode.LIVE,
                                Set.of("*"),
                                Set.of("*"),
                                "req_bench",
                                CLOCK.instant()),
                        new SealedCall(method, path));
        return Map.of(IdentitySeal.HEADER, seal, "Content-Type", "application/json");
    }
}
