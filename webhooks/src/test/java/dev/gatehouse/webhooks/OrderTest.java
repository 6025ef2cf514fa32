package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An endpoint that wants its events in order")
class OrderTest {
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

    private static DomainEvent change(String listing, String property) {
        return new DomainEvent(
                0,
                PrefixedId.next("evt", InstantSource.system()),
                DomainEvent.LISTING_PRICE_CHANGED,
                "listings",
                listing,
                Instant.parse("2026-03-01T07:59:59Z"),
                null,
                "{\"ListingKey\":\"" + listing + "\",\"PropertyKey\":\"" + property + "\",\"ListPrice\":179900}");
    }

    private static String property(FakeReceiver.Got got) {
        return Json.tree(got.body()).at("/data/PropertyKey").asText();
    }

    private Map<String, List<Long>> sequences() {
        Map<String, List<Long>> sequences = new HashMap<>();
        for (FakeReceiver.Got got : receiver.got) {
            JsonNode body = Json.tree(got.body());
            sequences
                    .computeIfAbsent(property(got), p -> new ArrayList<>())
                    .add(body.path("sequence").asLong());
        }
        return sequences;
    }

    @Test
    @DisplayName("gets what is about one property one after another, and different properties side by side")
    void order() throws Exception {
        Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
        Set<String> together = ConcurrentHashMap.newKeySet();
        Set<Integer> properties = ConcurrentHashMap.newKeySet();
        receiver.replies(got -> {
            AtomicInteger mine = underWay.computeIfAbsent(property(got), p -> new AtomicInteger());
            if (mine.incrementAndGet() > 1) {
                together.add(property(got));
            }
            properties.add((int)
                    underWay.values().stream().filter(count -> count.get() > 0).count());
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            mine.decrementAndGet();
            return FakeReceiver.Reply.of(204);
        });
        in.webhooks().create(acme, NewEndpoint.of(receiver.url()).inOrder());
        for (int i = 0; i < 60; i++) {
            in.feed.add(change("lst-" + i % 12, "prop-" + i % 6));
        }
        await().atMost(Duration.ofSeconds(40)).until(() -> receiver.got.size() == 60);
        assertThat(together)
                .as("properties of which two were under way at once")
                .isEmpty();
        assertThat(sequences())
                .hasSize(6)
                .allSatisfy((property, sequence) ->
                        assertThat(sequence).as(property).isSorted().hasSize(10).doesNotHaveDuplicates());
        assertThat(properties).as("how many properties were under way at once").anyMatch(count -> count > 1);
    }

    @Test
    @DisplayName("gets nothing more about a property while a delivery about it is tried again, but all of the others")
    void waits() throws Exception {
        Set<String> failed = new HashSet<>();
        receiver.replies(got -> {
            synchronized (failed) {
                return FakeReceiver.Reply.of(
                        property(got).equals("prop-sick") && failed.add(got.id()) && failed.size() == 1 ? 500 : 204);
            }
        });
        Endpoint endpoint = in.webhooks()
                .create(acme, NewEndpoint.of(receiver.url()).inOrder())
                .endpoint();
        assertThat(endpoint.ordered()).isTrue();
        in.feed.add(
                change("lst-1", "prop-sick"),
                change("lst-2", "prop-sick"),
                change("lst-3", "prop-well"),
                change("lst-4", "prop-sick"));
        await().atMost(Duration.ofSeconds(20)).until(() -> receiver.got.size() == 2);
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(5)).until(() -> receiver.got.size() == 2);
        assertThat(sequences()).containsOnlyKeys("prop-sick", "prop-well");
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            in.clock.advance(Duration.ofSeconds(1));
            return receiver.got.size() == 5;
        });
        assertThat(sequences().get("prop-sick")).containsExactly(1L, 1L, 2L, 4L);
    }

    @Test
    @DisplayName("goes on with what comes after once a delivery is given up")
    void dead() throws Exception {
        receiver.replies(got ->
                FakeReceiver.Reply.of(Json.tree(got.body()).path("sequence").asLong() == 1 ? 400 : 204));
        Endpoint endpoint = in.webhooks()
                .create(acme, NewEndpoint.of(receiver.url()).inOrder())
                .endpoint();
        in.feed.add(change("lst-1", "prop-1"), change("lst-1", "prop-1"));
        DeliveryQuery all = DeliveryQuery.newest(10).of(endpoint.id());
        await().atMost(Duration.ofSeconds(50)).until(() -> {
            List<Delivery> log = in.webhooks().deliveries(acme, all);
            // from one attempt to the next: ten of them end within the five days after which the endpoint would be
            // disabled
            log.stream()
                    .filter(delivery -> delivery.status() == Delivery.Status.PENDING)
                    .map(Delivery::dueAt)
                    .min(Comparator.naturalOrder())
                    .filter(due -> due.isAfter(in.clock.instant()))
                    .ifPresent(due -> in.clock.advance(
                            Duration.between(in.clock.instant(), due).plusSeconds(3)));
            return log.stream().anyMatch(delivery -> delivery.status() == Delivery.Status.DELIVERED);
        });
        // two events of one moment stand in the log in either order
        assertThat(in.webhooks().deliveries(acme, all))
                .extracting(Delivery::status)
                .containsExactlyInAnyOrder(Delivery.Status.DEAD, Delivery.Status.DELIVERED);
        assertThat(sequences().get("prop-1")).endsWith(2L).containsOnlyOnce(2L);
    }
}
