package dev.gatehouse.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.aside.SetAside;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.aside.Shelf;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedCursor;
import dev.gatehouse.runtime.feed.FeedEffect;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.feed.HttpFeed;
import dev.gatehouse.runtime.feed.UnreadableEvent;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An event that a consumer cannot use")
class PoisonedFeedTest {
    private static final FeedConsumer.Options IMPATIENT =
            new FeedConsumer.Options(Duration.ofMillis(500), Duration.ofMillis(50));

    private final AtomicBoolean mended = new AtomicBoolean();
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

    /** Takes all but what is about poison, in the ways in which effects fail. */
    private final FeedEffect effect = (transaction, events) -> {
        for (DomainEvent event : events) {
            if (!mended.get()) {
                switch (event.subject()) {
                    case "poison" -> throw new IllegalArgumentException("no number: " + event.subject());
                    case "null" -> throw new NullPointerException();
                    case "deep" -> throw new StackOverflowError();
                    case "constraint" -> transaction.execute("INSERT INTO seen (sequence, id) VALUES (1, NULL)");
                    case "data" -> transaction.execute("SELECT '\\u0000'::jsonb");
                    default -> {}
                }
            }
            transaction.execute("INSERT INTO seen (sequence, id) VALUES (?, ?)", event.sequence(), event.id());
        }
        return () -> {};
    };

    /** The feed, with events of some places damaged on their way, and the shelves of who reads it. */
    private final class Damaging implements Feed {
        private final Feed feed;
        private final List<Long> unreadable;

        Damaging(Feed feed, Long... unreadable) {
            this.feed = feed;
            this.unreadable = List.of(unreadable);
        }

        @Override
        public long take(List<OutboxBatch> batches) throws IOException {
            return feed.take(batches);
        }

        @Override
        public FeedPage after(long sequence, int limit) throws IOException {
            FeedPage page = feed.after(sequence, limit);
            List<DomainEvent> events = new ArrayList<>(page.events());
            events.removeIf(event -> !mended.get() && unreadable.contains(event.sequence()));
            return new FeedPage(
                    events,
                    page.last(),
                    mended.get()
                            ? List.of()
                            : page.events().stream()
                                    .map(DomainEvent::sequence)
                                    .filter(unreadable::contains)
                                    .map(place -> new UnreadableEvent(place, "of a release to come", 10))
                                    .toList());
        }

        @Override
        public OptionalLong sequenceAt(String service, long position) throws IOException {
            return feed.sequenceAt(service, position);
        }

        @Override
        public void shelf(Shelf shelf) {
            shelves.put(shelf.source(), shelf);
        }
    }

    private static FeedConsumer consumer(Installation in, Shop shop, Feed feed, FeedEffect effect) {
        return FeedConsumer.start(
                "shop",
                feed,
                in.queues.queue(FeedConsumer.queueName("shop"), Duration.ofSeconds(30)),
                new FeedCursor(shop.database, "shop"),
                effect,
                IMPATIENT);
    }

    private static void eventually(Runnable check) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(check::run);
    }

    @Test
    @DisplayName(
            "is set aside by its place, whatever is wrong with it; the others are applied, and it is when it can be")
    void isolated() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (Installation in = new Installation(EnginesForTests.queue(), "shop");
                Shop shop = new Shop(in.url, "shop")) {
            List<String> subjects = new ArrayList<>(
                    IntStream.range(0, 300).mapToObj(n -> "home-" + n).toList());
            for (String bad : List.of("poison", "null", "deep", "constraint", "data")) {
                subjects.add(random.nextInt(subjects.size()), bad);
            }
            Damaging feed = new Damaging(in.feed, 7L, (long) subjects.size());
            shop.write(subjects.stream().map(Shop::event).toArray(DomainEvent[]::new));
            try (OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, feed);
                    FeedConsumer consumer = consumer(in, shop, feed, effect)) {
                eventually(() -> assertThat(position(shop)).isEqualTo(subjects.size()));
                long aside = Objects.requireNonNull(shelves.get("shop.feed")).size();
                assertThat(aside).isBetween(5L, 7L);
                assertThat(shop.seen()).hasSize((int) (subjects.size() - aside));
                assertThat(shelves.get("shop.feed").list(10))
                        .extracting(SetAside::record)
                        .contains("event 7", "event " + (subjects.indexOf("poison") + 1));

                shop.write(Shop.event("after"));
                eventually(() -> assertThat(shop.seen()).contains(subjects.size() + 1L));

                for (SetAside record : shelves.get("shop.feed").list(10)) {
                    assertThat(shelves.get("shop.feed").retry(record.record())).isTrue();
                }
                eventually(() -> assertThat(shelves.get("shop.feed").list(10))
                        .allMatch(record -> record.times() > 1)
                        .hasSize((int) aside));
                mended.set(true);
                shelves.get("shop.feed")
                        .list(10)
                        .forEach(record -> shelves.get("shop.feed").retry(record.record()));
                eventually(() -> assertThat(shelves.get("shop.feed").size()).isZero());
                assertThat(shop.seen()).doesNotHaveDuplicates().hasSize(subjects.size() + 1);
                assertThat(relay).isNotNull();
                assertThat(consumer).isNotNull();
            }
        }
    }

    @Test
    @DisplayName("among many of which none can be used does not hold up the next that can, and all can be tried again")
    void many() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue(), "shop");
                Shop shop = new Shop(in.url, "shop")) {
            Damaging feed = new Damaging(in.feed);
            shop.write(
                    IntStream.range(0, 50).mapToObj(n -> Shop.event("poison")).toArray(DomainEvent[]::new));
            shop.write(Shop.event("home"));
            try (OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, feed);
                    FeedConsumer consumer = consumer(in, shop, feed, effect)) {
                eventually(() -> assertThat(shop.seen()).containsExactly(51L));
                assertThat(Objects.requireNonNull(shelves.get("shop.feed")).size())
                        .isEqualTo(50);
                mended.set(true);
                shelves.get("shop.feed")
                        .list(100)
                        .forEach(record -> shelves.get("shop.feed").retry(record.record()));
                eventually(() -> assertThat(shop.seen()).hasSize(51));
                assertThat(relay).isNotNull();
                assertThat(consumer).isNotNull();
            }
        }
    }

    @Test
    @DisplayName("in an outbox is kept aside with what it says, and the others go to the feed")
    void outbox() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue(), "shop");
                Shop shop = new Shop(in.url, "shop")) {
            Damaging feed = new Damaging(in.feed);
            List<String> rows = List.of(
                    "[{\"id\":7}]",
                    "[null]",
                    "{}",
                    "[]",
                    "\"text\"",
                    "[{\"id\":\"evt_1\",\"type\":\"t\",\"service\":\"shop\",\"subject\":\"s\",\"occurredAt\":\"never\",\"data\":\"{}\"}]",
                    "[{\"id\":\"evt_2\",\"type\":\"t\",\"service\":\"shop\",\"subject\":\"s\",\"occurredAt\":\"2026-01-01T00:00:00Z\"}]",
                    "[{\"id\":\"evt_3\",\"type\":\"t\",\"service\":\"shop\",\"subject\":\"s\","
                            + "\"occurredAt\":\"2026-01-01T00:00:00Z\",\"data\":\"" + "x".repeat(5 << 20) + "\"}]");
            shop.write(Shop.event("first"));
            for (String row : rows) {
                shop.database
                        .jdbi()
                        .useTransaction(transaction -> transaction
                                .createUpdate("""
                                WITH taken AS (UPDATE outbox_position SET position = position + 1 RETURNING position)
                                INSERT INTO outbox (position, events) SELECT position, :events::jsonb FROM taken
                                """)
                                .bind("events", row)
                                .execute());
            }
            shop.write(Shop.event("last"));
            try (OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, feed)) {
                eventually(() -> assertThat(shop.waiting()).isZero());
                assertThat(in.feed.after(0, 10).events())
                        .extracting(DomainEvent::subject)
                        .containsExactly("first", "last");
                assertThat(Objects.requireNonNull(shelves.get("shop.outbox")).list(10))
                        .hasSize(7);
                assertThat(shelves.get("shop.outbox").drop("position 2 event 1", "it says nothing"))
                        .isTrue();
                assertThat(shelves.get("shop.outbox").list(10)).hasSize(6);
                shop.database.jdbi().useHandle(handle -> handle.execute("""
                                UPDATE set_aside SET content = convert_to('{"id":"evt_9","type":"t","service":"shop",
                                "subject":"mended","occurredAt":"2026-01-01T00:00:00Z","data":"{}"}', 'UTF8')
                                WHERE record = 'position 7 event 1'
                                """));
                assertThat(shelves.get("shop.outbox").retry("position 7 event 1"))
                        .isTrue();
                eventually(() -> assertThat(subjects(in)).containsExactly("first", "last", "mended"));
                assertThat(relay).isNotNull();
            }
        }
    }

    private static List<String> subjects(Installation in) {
        try {
            return in.feed.after(0, 10).events().stream()
                    .map(DomainEvent::subject)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("as another process sends it is told from the others by its place, however it is written")
    void overHttp() throws Exception {
        String good = "{\"sequence\":%d,\"id\":\"evt_%d\",\"type\":\"t\",\"service\":\"s\",\"subject\":\"x\","
                + "\"occurredAt\":\"2026-01-01T00:00:00Z\",\"data\":\"{}\",\"more\":{\"of\":\"later\"}}";
        List<String> events = List.of(
                good.formatted(11, 1),
                "{\"sequence\":\"twelve\"}",
                "[" + "[".repeat(3_000) + "]".repeat(3_000) + "]",
                "null",
                "{\"sequence\":15,\"id\":\"" + "x".repeat(21 << 20) + "\"}",
                good.formatted(16, 2));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] page =
                    ("{\"events\":[" + String.join(",", events) + "],\"last\":16}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(page);
            }
        });
        server.start();
        try (Installation in = new Installation(EnginesForTests.queue())) {
            HttpFeed feed = new HttpFeed(
                    () -> URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                    Installation.SECRETS,
                    in.caller);

            FeedPage page = feed.after(10, 10);

            assertThat(page.events()).extracting(DomainEvent::sequence).containsExactly(11L, 16L);
            assertThat(page.events())
                    .extracting(DomainEvent::occurredAt)
                    .containsOnly(Instant.parse("2026-01-01T00:00:00Z"));
            assertThat(page.unreadable()).extracting(UnreadableEvent::sequence).containsExactly(12L, 13L, 14L, 15L);
            assertThat(page.last()).isEqualTo(16);
        } finally {
            server.stop(0);
        }
    }

    private static long position(Shop shop) {
        return new FeedCursor(shop.database, "shop").position();
    }
}
