package dev.gatehouse.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.app.listen.Listener;
import dev.gatehouse.app.listen.SignatureCheck;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.events.EventsModule;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.HttpFeed;
import dev.gatehouse.runtime.feed.Snapshot;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.signals.SignalsModule;
import dev.gatehouse.webhooks.Shares;
import dev.gatehouse.webhooks.WebhooksModule;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Feed, signals and webhooks as one process of an installation has them, and a receiver; listings are told by hand. */
class AlertToEndpointTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final InternalSecrets SECRETS =
            new InternalSecrets("a master secret of at least 32 bytes".getBytes(StandardCharsets.UTF_8));

    private final TenantId acme = TenantId.next(CLOCK);
    private final Vertx vertx = Vertx.vertx();
    private final HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(20));
    private long position;

    private JsonNode post(URI service, String path, String body) throws IOException {
        String seal = new IdentitySeal(SECRETS, path.startsWith("/v2/webhooks") ? "webhooks" : "signals")
                .seal(
                        new CallerIdentity(
                                acme,
                                "acme-corp",
                                "growth",
                                KeyId.next(CLOCK),
                                KeyMode.LIVE,
                                Set.of("webhooks", "alerts", "signals"),
                                Set.of("*"),
                                "req_1",
                                CLOCK.instant()),
                        new SealedCall("POST", path));
        HttpCaller.Answer answer = caller.send(
                "POST",
                service.resolve(path),
                Map.of(IdentitySeal.HEADER, seal, "Content-Type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8));
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.status()).as(text).isEqualTo(201);
        return Json.tree(text).path("data");
    }

    private void tell(Feed feed, String type, String listing, String city, int price, @Nullable Integer before)
            throws IOException {
        Instant now = CLOCK.instant();
        ListingState state = new ListingState(
                listing,
                "property-of-" + listing,
                "test",
                "Active",
                BigDecimal.valueOf(price),
                null,
                null,
                null,
                "1 Main Street",
                null,
                city,
                "43604",
                "Lucas",
                "OH",
                41.65,
                -83.54,
                "Residential",
                null,
                3,
                2,
                2,
                0,
                BigDecimal.valueOf(1_600),
                null,
                1950,
                null,
                null,
                null,
                now,
                now,
                before == null ? null : BigDecimal.valueOf(before),
                null,
                List.of());
        position++;
        long taken = feed.take(List.of(new OutboxBatch(
                "listings",
                position,
                List.of(new DomainEvent(
                        0, PrefixedId.next("evt", CLOCK), type, "listings", listing, now, null, Json.text(state))))));
        assertThat(taken).isEqualTo(position);
    }

    private static Snapshot nothingYet() {
        return new Snapshot() {
            @Override
            public String service() {
                return "listings";
            }

            @Override
            public long position() {
                return 0;
            }

            @Override
            public List<DomainEvent> next(int limit) {
                return List.of();
            }

            @Override
            public void close() {}
        };
    }

    @Test
    @DisplayName(
            "a price that is cut raises a signal, and the signal arrives, signed, at the endpoint that names the alert")
    void endToEnd() throws Exception {
        DatabaseUrl url = DatabaseUrl.parse(EnginesForTests.newDatabase());
        AtomicReference<Optional<SignatureCheck>> check = new AtomicReference<>(Optional.empty());
        List<String> heard = new CopyOnWriteArrayList<>();
        EmbeddedQueue queue = EmbeddedQueue.start();
        try (Queues queues = Queues.connect(Optional.of(URI.create(queue.url())), "us-east-1");
                EventsModule events = EventsModule.start(
                        url,
                        queues,
                        vertx,
                        SECRETS,
                        CLOCK,
                        new EventsModule.Options(0, List.of(SignalsModule.SERVICE, WebhooksModule.SERVICE)));
                SignalsModule signals = SignalsModule.open(url, SECRETS, CLOCK);
                Listener listener = new Listener(vertx, 0, check::get, CLOCK, heard::add)) {
            Feed feed = new HttpFeed(events::uri, SECRETS, caller);
            signals.follow(feed, queues, AlertToEndpointTest::nothingYet);
            URI signalsUri = signals.serve(vertx, 0);
            WebhooksModule.Parts parts = new WebhooksModule.Parts(url, queues, vertx, SECRETS, CLOCK);
            try (WebhooksModule webhooks = WebhooksModule.start(
                    parts,
                    feed,
                    new WebhooksModule.Options(
                            0,
                            WebhooksModule.Receivers.ALSO_ON_THIS_MACHINE,
                            Shares.EQUAL,
                            (tenant, endpoint, address, reason) -> {}))) {
                webhooks.followAlerts(() -> signalsUri, parts);
                String alert = post(
                                signalsUri,
                                "/v2/alerts",
                                "{\"name\":\"Cheaper\",\"filter\":{\"types\":[\"price_cut\"],"
                                        + "\"areas\":[\"City:Toledo, OH\"]}}")
                        .path("id")
                        .asText();
                JsonNode made = await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptionsInstanceOf(AssertionError.class)
                        .until(
                                () -> post(
                                        webhooks.uri(),
                                        "/v2/webhooks/endpoints",
                                        "{\"url\":\"" + listener.uri() + "/\",\"filter\":{\"alerts\":[\"" + alert
                                                + "\"]}}"),
                                node -> true);
                check.set(Optional.of(new SignatureCheck(made.path("secret").asText())));
                for (String city : List.of("Maumee", "Toledo")) {
                    tell(feed, DomainEvent.LISTING_CREATED, "lst-" + city, city, 200_000, null);
                    tell(feed, DomainEvent.LISTING_PRICE_CHANGED, "lst-" + city, city, 150_000, 200_000);
                }
                await().atMost(Duration.ofSeconds(90)).until(() -> heard.size() >= 2);
                assertThat(heard.getFirst()).contains("signature holds");
                assertThat(heard.get(1)).contains("signal.raised", "price_cut", "lst-Toledo");
                await().during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> heard.size() == 2);
            }
        } finally {
            caller.close();
            queue.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
