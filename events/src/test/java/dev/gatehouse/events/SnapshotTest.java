package dev.gatehouse.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedCursor;
import dev.gatehouse.runtime.feed.FeedEffect;
import dev.gatehouse.runtime.feed.SnapshotLines;
import dev.gatehouse.runtime.feed.SnapshotSource;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A consumer that is new")
class SnapshotTest {
    private static final FeedConsumer.Options IMPATIENT =
            new FeedConsumer.Options(Duration.ofMillis(200), Duration.ofMillis(50));

    /** What the shop wrote so far, as of its outbox position: a snapshot that its own transaction could give. */
    private static final class Ledger {
        private final List<DomainEvent> written = new ArrayList<>();
        private long position;

        synchronized void write(Shop shop, DomainEvent event) {
            shop.write(event);
            position++;
            written.add(event);
        }

        synchronized byte[] snapshot() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            SnapshotLines.Writer lines = new SnapshotLines.Writer(out, "shop", position);
            for (DomainEvent event : written) {
                lines.add(event);
            }
            lines.end();
            return out.toByteArray();
        }

        synchronized int size() {
            return written.size();
        }
    }

    /** Counts each event's effects: in the snapshot or in the feed, exactly once is right. */
    private static final class Count implements FeedEffect {
        private final Random chance;

        Count(Random chance) {
            this.chance = chance;
        }

        @Override
        public Runnable apply(Handle transaction, List<DomainEvent> events) {
            for (DomainEvent event : events) {
                // the shop's own key makes a second effect of the same event fail loudly
                transaction.execute(
                        "INSERT INTO seen (sequence, id) VALUES ((SELECT count(*) + 1 FROM seen), ?)", event.id());
            }
            if (chance.nextInt(4) == 0) {
                throw new IllegalStateException("killed before the commit");
            }
            return () -> {};
        }
    }

    @Test
    @DisplayName("takes a snapshot and goes on in the feed right behind it: each event once, whatever dies in between")
    void filled() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random chance = new Random(seed);
        try (Installation in = new Installation(EnginesForTests.queue(), "newcomer");
                Shop shop = new Shop(in.url, "shop");
                OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
            Ledger ledger = new Ledger();
            for (int i = 0; i < 40; i++) {
                ledger.write(shop, Shop.event("before " + i));
            }
            SnapshotSource breaksOff = () -> {
                byte[] whole = ledger.snapshot();
                int length = chance.nextInt(3) == 0 ? chance.nextInt(whole.length) : whole.length;
                return SnapshotLines.read(new ByteArrayInputStream(whole, 0, length));
            };
            var hints = in.queues.queue(FeedConsumer.queueName("newcomer"), Duration.ofSeconds(30));
            FeedCursor cursor = new FeedCursor(shop.database, "newcomer");
            try (FeedConsumer one = FeedConsumer.startFilled(
                            "newcomer", in.feed, hints, cursor, new Count(chance), IMPATIENT, breaksOff);
                    FeedConsumer twin = FeedConsumer.startFilled(
                            "newcomer", in.feed, hints, cursor, new Count(chance), IMPATIENT, breaksOff)) {
                for (int i = 0; i < 40; i++) {
                    ledger.write(shop, Shop.event("meanwhile " + i));
                }
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(shop.seen()).hasSize(ledger.size()));
            }
            assertThat(shop.seenIds())
                    .containsExactlyElementsOf(
                            ledger.written.stream().map(DomainEvent::id).toList());
        }
    }

    @Test
    @DisplayName("leaves a snapshot that it is taking in at once when it is stopped")
    void left() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue(), "newcomer");
                Shop shop = new Shop(in.url, "shop");
                OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
            Ledger ledger = new Ledger();
            ledger.write(shop, Shop.event("first"));
            CountDownLatch begun = new CountDownLatch(1);
            FeedEffect endless = (transaction, events) -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return () -> {};
            };
            FeedConsumer consumer = FeedConsumer.startFilled(
                    "newcomer",
                    in.feed,
                    in.queues.queue(FeedConsumer.queueName("newcomer"), Duration.ofSeconds(30)),
                    new FeedCursor(shop.database, "newcomer"),
                    endless,
                    IMPATIENT,
                    () -> SnapshotLines.read(new ByteArrayInputStream(ledger.snapshot())));
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            assertThatNoException()
                    .isThrownBy(
                            () -> CompletableFuture.runAsync(consumer::close).get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    @DisplayName("learns from the feed which sequence a position ended with, once the feed has it")
    void places() throws Exception {
        try (Installation in = new Installation(EnginesForTests.queue());
                Shop shop = new Shop(in.url, "shop")) {
            shop.write(Shop.event("a"), Shop.event("b"));
            shop.write(Shop.event("c"));
            assertThat(in.feed.sequenceAt("shop", 0)).hasValue(0);
            assertThat(in.feed.sequenceAt("shop", 1)).isEmpty();
            try (OutboxRelay relay = OutboxRelay.start(shop.database, shop.outbox, in.feed)) {
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(in.feed.sequenceAt("shop", 2)).hasValue(3));
            }
            assertThat(in.feed.sequenceAt("shop", 1)).hasValue(2);
            assertThat(in.feed.sequenceAt("other", 1)).isEmpty();
        }
    }
}
