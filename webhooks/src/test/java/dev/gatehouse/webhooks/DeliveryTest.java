package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.kernel.signal.AlertFilter;
import dev.gatehouse.kernel.signal.SavedAlert;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.signature.SigningKeyPair;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private final TenantId acme = Installation.newTenant();

    @SuppressWarnings("NullAway.Init")
    private Installation in;

    @SuppressWarnings("NullAway.Init")
    private FakeReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        in = new Installation();
        receiver = new FakeReceiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
        in.close();
    }

    private static void eventually(Runnable check) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(check::run);
    }

    private List<Delivery> deliveries(Endpoint endpoint) {
        return in.webhooks()
                .deliveries(acme, DeliveryQuery.newest(500).of(endpoint.id()))
                .reversed();
    }

    @Test
    @DisplayName("an event arrives signed, and the published client library verifies it")
    void arrivesSigned() throws Exception {
        in.clock.set(Instant.now());
        EndpointWithSecret made =
                in.webhooks().create(acme, NewEndpoint.of(receiver.url(), DomainEvent.LISTING_PRICE_CHANGED));
        in.feed.add(Installation.priceChange("lst-1"), Installation.event(DomainEvent.SALE_RECORDED, "p-1", null));
        eventually(() -> assertThat(receiver.got).hasSize(1));
        FakeReceiver.Got got = receiver.got.getFirst();
        Map<String, List<String>> headers = new HashMap<>();
        got.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        new Webhook(made.secret()).verify(got.body(), HttpHeaders.of(headers, (name, value) -> true));
        JsonNode body = Json.tree(got.body());
        assertThat(body.path("type").asText()).isEqualTo("listing.price_changed");
        assertThat(body.path("sequence").asLong()).isEqualTo(1);
        assertThat(body.at("/data/ListPrice").asInt()).isEqualTo(179_900);
        eventually(() -> assertThat(deliveries(made.endpoint()))
                .extracting(Delivery::status)
                .containsExactly(Delivery.Status.DELIVERED));
        Delivery delivery = deliveries(made.endpoint()).getFirst();
        Attempt attempt = in.webhooks().attempts(acme, delivery.id()).getFirst();
        assertThat(attempt.status()).isEqualTo(204);
        assertThat(attempt.address()).isEqualTo("127.0.0.1");
        assertThat(attempt.requestHeaders()).contains("webhook-signature: v1,");
        assertThat(delivery.message()).isEqualTo(got.id());
    }

    @Test
    @DisplayName(
            "a delivery that always fails is tried ten times over about 75 h and is then dead-lettered, to be sent again")
    void schedule() throws Exception {
        receiver.answers(500);
        Endpoint endpoint =
                in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
        in.feed.add(Installation.priceChange("lst-1"));
        List<Instant> times = new ArrayList<>();
        for (int attempt = 1; attempt <= 10; attempt++) {
            int made = attempt;
            eventually(() -> assertThat(deliveries(endpoint))
                    .extracting(Delivery::attempts)
                    .containsExactly(made));
            times.add(in.clock.instant());
            Delivery delivery = deliveries(endpoint).getFirst();
            if (attempt < 10) {
                assertThat(delivery.status()).isEqualTo(Delivery.Status.PENDING);
                // past what the timer leaves to the fast path
                in.clock.set(delivery.dueAt().plusSeconds(3));
            }
        }
        Delivery dead = deliveries(endpoint).getFirst();
        assertThat(dead.status()).isEqualTo(Delivery.Status.DEAD);
        Duration whole = Duration.between(times.getFirst(), times.getLast());
        assertThat(whole).isBetween(Duration.ofHours(60), Duration.ofHours(91));
        assertThat(receiver.got).hasSize(10).extracting(FakeReceiver.Got::id).containsOnly(dead.message());
        receiver.answers(200);
        Delivery again = in.webhooks().replay(acme, dead.id());
        eventually(() ->
                assertThat(in.webhooks().delivery(acme, again.id()).status()).isEqualTo(Delivery.Status.DELIVERED));
        assertThat(again.message()).isEqualTo(dead.message());
    }

    @Test
    @DisplayName(
            "a receiver that is down burns no attempts: deliveries are parked, probed one at a time, then all arrive")
    void breaker() throws Exception {
        receiver.answers(503);
        Endpoint endpoint =
                in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
        for (int i = 0; i < 40; i++) {
            in.feed.add(Installation.priceChange("lst-" + i));
        }
        eventually(() -> assertThat(in.webhooks().endpoint(acme, endpoint.id()).breaker())
                .isEqualTo(Endpoint.Breaker.OPEN));
        eventually(() -> assertThat(deliveries(endpoint)).hasSize(40));
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(
                                in.webhooks().endpoint(acme, endpoint.id()).breaker())
                        .isEqualTo(Endpoint.Breaker.OPEN));
        int before = receiver.got.size();
        in.clock.advance(Duration.ofMinutes(2));
        eventually(() -> assertThat(receiver.got).hasSize(before + 1));
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(receiver.got).hasSize(before + 1));
        assertThat(deliveries(endpoint))
                .allSatisfy(delivery -> assertThat(delivery.attempts()).isLessThanOrEqualTo(1));
        receiver.answers(200);
        in.clock.advance(Duration.ofMinutes(20));
        eventually(() ->
                assertThat(deliveries(endpoint)).extracting(Delivery::status).containsOnly(Delivery.Status.DELIVERED));
    }

    @Test
    @DisplayName("after five days without a success an endpoint is disabled, and its owner told")
    void fiveDays() throws Exception {
        receiver.answers(500);
        Endpoint endpoint = in.webhooks()
                .create(acme, NewEndpoint.of(receiver.url(), DomainEvent.LISTING_PRICE_CHANGED))
                .endpoint();
        for (int day = 0; day <= 5; day++) {
            in.feed.add(Installation.priceChange("lst-" + day));
            int made = day + 1;
            eventually(() -> assertThat(receiver.got).hasSizeGreaterThanOrEqualTo(made));
            eventually(
                    () -> assertThat(in.webhooks().endpoint(acme, endpoint.id()).failingSince())
                            .isNotNull());
            if (day < 5) {
                assertThat(in.webhooks().endpoint(acme, endpoint.id()).status()).isEqualTo(Endpoint.Status.ENABLED);
                in.clock.advance(Duration.ofHours(24).plusSeconds(10));
            }
        }
        eventually(() ->
                assertThat(in.webhooks().endpoint(acme, endpoint.id()).status()).isEqualTo(Endpoint.Status.DISABLED));
        eventually(() -> assertThat(in.notices).hasSize(1));
        assertThat(in.notices.getFirst()).contains(endpoint.id(), acme.value(), receiver.url(), "5 days");
        assertThat(deliveries(endpoint)).extracting(Delivery::status).containsOnly(Delivery.Status.DEAD);
    }

    @Test
    @DisplayName("410 disables an endpoint, dead-letters what waits, and tells its owner")
    void gone() throws Exception {
        receiver.answers(410);
        Endpoint endpoint = in.webhooks()
                .create(acme, NewEndpoint.of(receiver.url(), DomainEvent.LISTING_PRICE_CHANGED))
                .endpoint();
        Endpoint other = in.webhooks()
                .create(acme, NewEndpoint.of(receiver.url(), DomainEvent.WEBHOOK_ENDPOINT_DISABLED))
                .endpoint();
        in.feed.add(Installation.priceChange("lst-1"));
        eventually(() ->
                assertThat(in.webhooks().endpoint(acme, endpoint.id()).status()).isEqualTo(Endpoint.Status.DISABLED));
        assertThat(deliveries(endpoint)).extracting(Delivery::status).containsExactly(Delivery.Status.DEAD);
        // the other endpoint's receiver answers 410 as well, so that its notice may come too
        eventually(() -> assertThat(in.notices).anyMatch(notice -> notice.startsWith(endpoint.id())));
        // its other endpoint is told by an event
        eventually(() -> assertThat(deliveries(other)).hasSize(1).allSatisfy(told -> {
            assertThat(told.type()).isEqualTo(DomainEvent.WEBHOOK_ENDPOINT_DISABLED);
            assertThat(told.subject()).isEqualTo(endpoint.id());
        }));
        assertThat(in.webhooks().payload(acme, deliveries(other).getFirst().id()))
                .contains("410 Gone", receiver.url());
        assertThat(in.notices)
                .filteredOn(notice -> notice.startsWith(endpoint.id()))
                .singleElement()
                .asString()
                .contains(acme.value(), receiver.url(), "410");
    }

    @Test
    @DisplayName("an endpoint gets what it asked for, and never another tenant's events")
    void filters() throws Exception {
        TenantId other = Installation.newTenant();
        Endpoint zip = in.webhooks()
                .create(
                        acme,
                        new NewEndpoint(
                                receiver.url(),
                                "",
                                List.of(),
                                new EventFilter(List.of("zip:43620"), List.of(), List.of(), List.of()),
                                null))
                .endpoint();
        Endpoint elsewhere = in.webhooks()
                .create(
                        acme,
                        new NewEndpoint(
                                receiver.url(),
                                "",
                                List.of(),
                                new EventFilter(List.of("city:Cleveland"), List.of(), List.of(), List.of()),
                                null))
                .endpoint();
        in.feed.add(
                Installation.event(DomainEvent.LISTING_CREATED, "theirs", other),
                Installation.event(DomainEvent.LISTING_CREATED, "mine", acme),
                Installation.event(DomainEvent.LISTING_CREATED, "all", null));
        eventually(() ->
                assertThat(deliveries(zip)).extracting(Delivery::subject).containsExactlyInAnyOrder("mine", "all"));
        assertThat(deliveries(elsewhere)).isEmpty();
        eventually(() -> assertThat(receiver.got).hasSize(2));
    }

    @Test
    @DisplayName("an endpoint with a saved alert gets the signals that the alert asks for, in any spelling of an area")
    void alerts() throws Exception {
        TenantId other = Installation.newTenant();
        Router signals = new Router()
                .get(
                        SavedAlert.PATH,
                        request -> Response.ok(new SavedAlert.Page(
                                request.parameter("after").orElse("0").equals("0")
                                        ? List.of(
                                                alert("alr_cuts", acme, 1, List.of("price_cut")),
                                                alert("alr_theirs", other, 2, List.of()))
                                        : List.of(),
                                2)));
        try (WebServer server =
                WebServer.start(in.vertx, WebServer.Options.loopback("signals"), signals, null, in.clock)) {
            in.module.followAlerts(server::uri, in.parts());
            EventFilter cuts = new EventFilter(List.of("City: Toledo, oh"), List.of(), List.of(), List.of("alr_cuts"));
            NewEndpoint asked = new NewEndpoint(receiver.url(), "", List.of(), cuts, null);
            Endpoint endpoint = await().atMost(Duration.ofSeconds(20))
                    .ignoreException(ProblemException.class)
                    .until(() -> in.webhooks().create(acme, asked), made -> true)
                    .endpoint();
            assertThatThrownBy(() -> in.webhooks()
                            .create(
                                    acme,
                                    new NewEndpoint(
                                            receiver.url(),
                                            "",
                                            List.of(),
                                            new EventFilter(List.of(), List.of(), List.of(), List.of("alr_theirs")),
                                            null)))
                    .isInstanceOf(ProblemException.class);
            in.feed.add(
                    Installation.signal("lst-1", "price_cut", "Toledo"),
                    Installation.signal("lst-2", "back_on_market", "Toledo"),
                    Installation.signal("lst-3", "price_cut", "Maumee"),
                    Installation.priceChange("lst-4"));
            eventually(() -> assertThat(deliveries(endpoint))
                    .extracting(Delivery::subject)
                    .containsExactly("lst-1"));
        }
    }

    private static SavedAlert alert(String id, TenantId tenant, long version, List<String> types) {
        return new SavedAlert(
                id,
                tenant.value(),
                version,
                false,
                new AlertFilter(types, List.of("city:toledo-oh"), List.of(), List.of(), null, null, null));
    }

    @Test
    @DisplayName("on request deliveries are signed with Ed25519, and after a rotation with both keys for 24 hours")
    void publicKeys() throws Exception {
        EndpointWithSecret made =
                in.webhooks().create(acme, NewEndpoint.of(receiver.url()).signed(Endpoint.Scheme.V1A));
        String first = String.valueOf(made.endpoint().signing().publicKey());
        assertThat(made.secret()).isEqualTo(first).startsWith("whpk_");
        String second = String.valueOf(in.webhooks()
                .rotate(acme, made.endpoint().id(), Webhooks.Rotation.OVERLAP)
                .endpoint()
                .signing()
                .publicKey());
        assertThat(second).isNotEqualTo(first);
        in.webhooks().sendTest(acme, made.endpoint().id(), "listing.price_changed");
        eventually(() -> assertThat(receiver.got).hasSize(1));
        assertThat(fits(receiver.got.getFirst(), first)).isTrue();
        assertThat(fits(receiver.got.getFirst(), second)).isTrue();
        in.clock.advance(Duration.ofHours(25));
        in.webhooks().sendTest(acme, made.endpoint().id(), "listing.price_changed");
        eventually(() -> assertThat(receiver.got).hasSize(2));
        assertThat(fits(receiver.got.get(1), first)).isFalse();
        assertThat(fits(receiver.got.get(1), second)).isTrue();
    }

    private static boolean fits(FakeReceiver.Got got, String publicKey) {
        return SigningKeyPair.verifies(
                publicKey,
                got.id(),
                Long.parseLong(got.headers().getOrDefault("webhook-timestamp", "0")),
                got.body().getBytes(StandardCharsets.UTF_8),
                got.headers().getOrDefault("webhook-signature", ""));
    }

    @Test
    @DisplayName("after a rotation both secrets sign for 24 hours, then only the new one")
    void rotation() throws Exception {
        EndpointWithSecret made = in.webhooks().create(acme, NewEndpoint.of(receiver.url()));
        in.webhooks().rotate(acme, made.endpoint().id(), Webhooks.Rotation.OVERLAP);
        in.webhooks().sendTest(acme, made.endpoint().id(), "listing.price_changed");
        eventually(() -> assertThat(receiver.got).hasSize(1));
        assertThat(receiver.got
                        .getFirst()
                        .headers()
                        .getOrDefault("webhook-signature", "")
                        .split(" "))
                .hasSize(2);
        in.clock.advance(Duration.ofHours(25));
        in.webhooks().sendTest(acme, made.endpoint().id(), "listing.price_changed");
        eventually(() -> assertThat(receiver.got).hasSize(2));
        assertThat(receiver.got
                        .get(1)
                        .headers()
                        .getOrDefault("webhook-signature", "")
                        .split(" "))
                .hasSize(1);
    }

    @Test
    @DisplayName("a secret signs for its own 24 hours, however often it was replaced since, and not after revokeNow")
    void severalRotations() throws Exception {
        EndpointWithSecret made = in.webhooks().create(acme, NewEndpoint.of(receiver.url()));
        String id = made.endpoint().id();
        for (int rotation = 0; rotation < 3; rotation++) {
            in.clock.advance(Duration.ofHours(6));
            in.webhooks().rotate(acme, id, Webhooks.Rotation.OVERLAP);
        }
        assertThat(in.webhooks().endpoint(acme, id).previousSecretUntil())
                .isEqualTo(in.clock.instant().plus(Duration.ofHours(24)));
        // replaced 12, 6 and 0 hours ago
        assertThat(signatures(id)).isEqualTo(4);
        in.clock.advance(Duration.ofHours(13));
        assertThat(signatures(id)).isEqualTo(3);
        in.clock.advance(Duration.ofHours(6));
        assertThat(signatures(id)).isEqualTo(2);
        in.webhooks().rotate(acme, id, Webhooks.Rotation.AT_ONCE);
        assertThat(signatures(id)).isEqualTo(1);
        assertThat(in.webhooks().endpoint(acme, id).previousSecretUntil()).isNull();
    }

    private int signatures(String endpoint) throws Exception {
        int before = receiver.got.size();
        in.webhooks().sendTest(acme, endpoint, "listing.price_changed");
        eventually(() -> assertThat(receiver.got).hasSize(before + 1));
        return receiver.got
                .getLast()
                .headers()
                .getOrDefault("webhook-signature", "")
                .split(" ")
                .length;
    }

    @Test
    @DisplayName("no more than eight replaced secrets sign at once; the ninth rotation says what to do")
    void mostRotations() {
        String id = in.webhooks()
                .create(acme, NewEndpoint.of(receiver.url()))
                .endpoint()
                .id();
        for (int rotation = 0; rotation < 8; rotation++) {
            in.webhooks().rotate(acme, id, Webhooks.Rotation.OVERLAP);
        }
        assertThatThrownBy(() -> in.webhooks().rotate(acme, id, Webhooks.Rotation.OVERLAP))
                .hasMessageContaining("revokeNow");
        in.webhooks().rotate(acme, id, Webhooks.Rotation.AT_ONCE);
        in.webhooks().rotate(acme, id, Webhooks.Rotation.OVERLAP);
    }
}
