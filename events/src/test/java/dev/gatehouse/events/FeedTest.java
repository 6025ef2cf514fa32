package dev.gatehouse.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedCursor;
import dev.gatehouse.runtime.feed.FeedEffect;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FeedTest {
    private static final FeedConsumer.Options IMPATIENT =
            new FeedConsumer.Options(Duration.ofSeconds(2), Duration.ofMillis(50));

    private static final FeedEffect WRITE_DOWN = (transaction, events) -> {
        for (DomainEvent event : events) {
            transaction.execute("INSERT INTO seen (sequence, id) VALUES (?, ?)", event.sequence(), event.id());
        }
        return () -> {};
    };

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void eventually(Runnable check) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(check::run);
    }

    @Test
    @DisplayName(
            "events of two services written by many at once get one dense sequence, and each service's order holds")
    void oneSequence() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue());
                Shop one = new Shop(in.url, "shop_one");
                Shop two = new Shop(in.url, "shop_two");
                OutboxRelay first = OutboxRelay.start(one.database, one.outbox, in.feed);
                OutboxRelay second = OutboxRelay.start(two.database, two.outbox, in.feed)) {
            List<Thread> writers = LongStream.range(0, 4)
                    .mapToObj(n -> Thread.startVirtualThread(() -> {
                        for (int i = 0; i < 25; i++) {
                            (n % 2 == 0 ? one : two).write(Shop.event("a"), Shop.event("b"));
                        }
                    }))
                    .toList();
            for (Thread writer : writers) {
                writer.join();
            }
            eventually(() -> assertThat(one.waiting() + two.waiting()).isZero());
            FeedPage page = in.feed.after(0, 1_000);
            assertThat(page.events()).extracting(DomainEvent::sequence).isEqualTo(upTo(200));
            assertThat(page.last()).isEqualTo(200);
            assertThat(in.feed.after(150, 10).events())
                    .extracting(DomainEvent::sequence)
                    .isEqualTo(LongStream.rangeClosed(151, 160).boxed().toList());
        }
    }

    @Test
    @DisplayName("an import's large rows are read once each, and not all of them for each two that one way takes")
    void largeRows() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue());
                Shop shop = new Shop(in.url, "shop")) {
            for (int i = 0; i < 7 * Feed.MAX_EVENTS / OutboxBatch.MAX_EVENTS; i++) {
                shop.write(IntStream.range(0, OutboxBatch.MAX_EVENTS)
                        .mapToObj(n -> Shop.event("a"))
                        .toArray(DomainEvent[]::new));
            }
            Queue<Integer> limits = new ConcurrentLinkedQueue<>();
            shop.database.jdbi().setSqlLogger(new SqlLogger() {
                @Override
                public void logAfterExecution(StatementContext context) {
                    context.getBinding()
                            .findForName("limit", context)
                            .ifPresent(limit -> limits.add(Integer.valueOf(limit.toString())));
                }
            });
            try (OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
                eventually(() -> assertThat(shop.waiting()).isZero());
                assertThat(relay).isNotNull();
            }
            assertThat(in.feed.after(0, 1).last()).isEqualTo(7L * Feed.MAX_EVENTS);
            assertThat(limits.stream().limit(7)).hasSize(7).allMatch(limit -> limit <= 4);
        }
    }

    @Test
    @DisplayName("what was handed over twice is taken once, and what leaves a gap is not taken")
    void idempotent() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue())) {
            OutboxBatch first = new OutboxBatch("shop", 1, List.of(Shop.event("a")));
            OutboxBatch second = new OutboxBatch("shop", 2, List.of(Shop.event("b"), Shop.event("c")));
            OutboxBatch fourth = new OutboxBatch("shop", 4, List.of(Shop.event("e")));
            assertThat(in.feed.take(List.of(first))).isEqualTo(1);
            assertThat(in.feed.take(List.of(first, second))).isEqualTo(2);
            assertThat(in.feed.take(List.of(first, second))).isEqualTo(2);
            assertThat(in.feed.take(List.of(fourth))).isEqualTo(2);
            assertThat(in.feed.after(0, 10).events())
                    .extracting(DomainEvent::subject)
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    @DisplayName("a service whose outbox began anew is told so, instead of losing its events unseen")
    void begunAnew() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue())) {
            in.feed.take(List.of(new OutboxBatch("shop", 1, List.of(Shop.event("a")))));
            assertThatThrownBy(() -> in.feed.take(List.of(new OutboxBatch("shop", 1, List.of(Shop.event("other"))))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("409");
        }
    }

    @Test
    @DisplayName("a relay that dies after the feed took its batch, and an answer that is lost, repeat nothing")
    void relayDies() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue());
                Shop shop = new Shop(in.url, "shop")) {
            AtomicInteger calls = new AtomicInteger();
            Feed losesAnswers = new Feed() {
                @Override
                public long take(List<OutboxBatch> batches) throws IOException {
                    long taken = in.feed.take(batches);
                    if (calls.incrementAndGet() <= 2) {
                        throw new IOException("the answer is lost");
                    }
                    return taken;
                }

                @Override
                public FeedPage after(long sequence, int limit) throws IOException {
                    return in.feed.after(sequence, limit);
                }

                @Override
                public OptionalLong sequenceAt(String service, long position) throws IOException {
                    return in.feed.sequenceAt(service, position);
                }
            };
            shop.write(Shop.event("a"));
            shop.write(Shop.event("b"));
            try (OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, losesAnswers)) {
                eventually(() -> assertThat(shop.waiting()).isZero());
            }
            assertThat(calls.get()).isGreaterThan(2);
            assertThat(in.feed.after(0, 10).events())
                    .extracting(DomainEvent::subject)
                    .containsExactly("a", "b");
        }
    }

    @Test
    @DisplayName("a consumer that fails in the middle of its effect applies every event once all the same")
    void consumerDies() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue(), "consumer_dies");
                Shop shop = new Shop(in.url, "shop");
                OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
            long seed = System.nanoTime();
            System.out.println("seed " + seed);
            Random chance = new Random(seed);
            FeedEffect failing = (transaction, events) -> {
                Runnable then = WRITE_DOWN.apply(transaction, events);
                if (chance.nextInt(3) == 0) {
                    throw new IllegalStateException("killed before the commit");
                }
                return chance.nextInt(3) == 0
                        ? () -> {
                            throw new IllegalStateException("killed after the commit");
                        }
                        : then;
            };
            FeedCursor cursor = new FeedCursor(shop.database, "consumer_dies");
            var hints = in.queues.queue(FeedConsumer.queueName("consumer_dies"), Duration.ofSeconds(30));
            try (FeedConsumer one = FeedConsumer.start("consumer_dies", in.feed, hints, cursor, failing, IMPATIENT);
                    FeedConsumer twin =
                            FeedConsumer.start("consumer_dies", in.feed, hints, cursor, failing, IMPATIENT)) {
                for (int i = 0; i < 60; i++) {
                    shop.write(Shop.event("s" + i));
                }
                eventually(() -> assertThat(shop.seen()).isEqualTo(upTo(60)));
            }
        }
    }

    @Test
    @DisplayName("a consumer outlives a fault that is no exception: it would stand still unseen")
    void errorEndsNothing() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue(), "outlives");
                Shop shop = new Shop(in.url, "shop");
                OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
            AtomicInteger calls = new AtomicInteger();
            FeedEffect faulty = (transaction, events) -> {
                if (calls.incrementAndGet() == 1) {
                    throw new AssertionError("a library's own doubt");
                }
                return WRITE_DOWN.apply(transaction, events);
            };
            var hints = in.queues.queue(FeedConsumer.queueName("outlives"), Duration.ofSeconds(30));
            try (FeedConsumer consumer = FeedConsumer.start(
                    "outlives", in.feed, hints, new FeedCursor(shop.database, "outlives"), faulty, IMPATIENT)) {
                shop.write(Shop.event("a"));
                eventually(() -> assertThat(shop.seen()).isEqualTo(upTo(1)));
            }
            assertThat(calls.get()).isGreaterThan(1);
        }
    }

    @Test
    @DisplayName("a queue that forgets everything and a feed that dies cost a consumer nothing")
    void queueForgets() throws Exception {
        EmbeddedQueue queue = EmbeddedQueue.start();
        try (Installation in = new Installation(queue.url(), "forgetful");
                Shop shop = new Shop(in.url, "shop");
                OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
            var hints = in.queues.queue(FeedConsumer.queueName("forgetful"), Duration.ofSeconds(30));
            FeedCursor cursor = new FeedCursor(shop.database, "forgetful");
            try (FeedConsumer consumer =
                    FeedConsumer.start("forgetful", in.feed, hints, cursor, WRITE_DOWN, IMPATIENT)) {
                shop.write(Shop.event("before"));
                eventually(() -> assertThat(shop.seen()).isEqualTo(upTo(1)));
                queue.close();
                shop.write(Shop.event("without a queue"));
                eventually(() -> assertThat(shop.seen()).isEqualTo(upTo(2)));
                in.restart("forgetful");
                shop.write(Shop.event("with another feed process"));
                eventually(() -> assertThat(shop.seen()).isEqualTo(upTo(3)));
            }
        }
    }

    @Test
    @DisplayName("with the queue up, an event is applied within a second though the consumer asks only every 30 s")
    void queueIsTheFastPath() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue(), "fast");
                Shop shop = new Shop(in.url, "shop");
                OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
            var hints = in.queues.queue(FeedConsumer.queueName("fast"), Duration.ofSeconds(30));
            FeedCursor cursor = new FeedCursor(shop.database, "fast");
            try (FeedConsumer consumer =
                    FeedConsumer.start("fast", in.feed, hints, cursor, WRITE_DOWN, FeedConsumer.Options.usual())) {
                shop.write(Shop.event("first"));
                eventually(() -> assertThat(shop.seen()).hasSize(1));
                shop.write(Shop.event("second"));
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(shop.seen()).hasSize(2));
            }
        }
    }
}
