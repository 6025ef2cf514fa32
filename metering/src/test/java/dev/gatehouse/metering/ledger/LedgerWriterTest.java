package dev.gatehouse.metering.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.UsageSamples;
import dev.gatehouse.metering.store.PostgresLedgerStore;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ledger's writer")
final class LedgerWriterTest {
    private static final long EPOCH = 1_764_000_000_000L;
    private static final AtomicInteger SHARDS = new AtomicInteger(100);

    private final int shard = SHARDS.incrementAndGet();
    private Database database;
    private Redis redis;
    private StatefulRedisConnection<String, byte[]> gateway;
    private LedgerWriter writer;
    private Thread thread;

    @BeforeEach
    void start() throws Exception {
        database = Database.open(
                DatabaseUrl.parse(EnginesForTests.newDatabase()),
                "ledger",
                "classpath:dev/gatehouse/metering/store/ledger",
                4);
        redis = Redis.connect(EnginesForTests.redis());
        gateway = redis.connectBytes();
        startWriter(WriterStep.Observer.NONE);
    }

    private void startWriter(WriterStep.Observer observer) {
        writer = new LedgerWriter(
                shard,
                new LedgerWriter.Options("writer", Duration.ofSeconds(2), Duration.ofMillis(50), 1_000),
                new PostgresLedgerStore(database.dataSource()),
                redis,
                LedgerRules.USUAL,
                InstantSource.system(),
                new SimpleMeterRegistry(),
                observer);
        thread = Thread.ofPlatform().start(writer);
    }

    @AfterEach
    void stop() throws Exception {
        writer.stop();
        thread.join(5_000);
        gateway.close();
        redis.close();
        database.close();
    }

    @Test
    @DisplayName("writes each event once, however often it is shipped, and sums it up in the same transaction")
    void once() {
        Instant at = Instant.now().minusSeconds(10);
        ship(UsageSamples.entries("gw_a.0", EPOCH, 1, 5_000, 100, at));
        ship(UsageSamples.entries("gw_a.0", EPOCH, 2_000, 6_000, 250, at));
        await().atMost(Duration.ofSeconds(20)).until(() -> committed("u:" + EPOCH + ":gw_a.0") == 6_000);
        assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(6_000);
        assertThat(count("SELECT count(DISTINCT seq) FROM usage_event")).isEqualTo(6_000);
        for (int grain = 1; grain <= 3; grain++) {
            assertThat(count("SELECT sum(calls) FROM rollup WHERE grain = " + grain))
                    .isEqualTo(6_000);
            assertThat(count("SELECT sum(units) FROM rollup WHERE grain = " + grain))
                    .isEqualTo(count("SELECT sum(charged) FROM usage_event"));
            assertThat(count("SELECT sum(billable_units) FROM rollup WHERE grain = " + grain))
                    .isEqualTo(count("SELECT sum(charged) FROM usage_event WHERE flags & 2 <> 0"));
        }
        assertThat(count("SELECT max(number) - count(*) FROM batch")).isZero();
        await().atMost(Duration.ofSeconds(5)).until(() -> gateway.sync().xlen(UsageStreams.stream(shard)) == 0);
    }

    @Test
    @DisplayName("sets junk aside with its reason, once, and goes on")
    void junk() {
        Map<String, byte[]> junk = Map.of("b", new byte[1 << 20]);
        gateway.sync().xadd(UsageStreams.stream(shard), junk);
        Instant now = Instant.now();
        ship(UsageSamples.entries("gw_b.0", 1, 1, 2, 10, now.plusSeconds(3_600)));
        ship(UsageSamples.entries("gw_b.0", 1, 1, 2, 10, now.plusSeconds(3_600)));
        ship(UsageSamples.entries("gw_b.0", 1, 3, 12, 10, now));
        await().atMost(Duration.ofSeconds(20)).until(() -> committed("u:1:gw_b.0") == 12);
        assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(10);
        assertThat(count("SELECT count(*) FROM dead_letter WHERE reason LIKE '%lies in the future'"))
                .isEqualTo(2);
        assertThat(count("SELECT count(*) FROM dead_letter WHERE reason LIKE 'the entry lacks%'"))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("marks late events and counts them in their hour; past the window they are listed and not counted")
    void late() {
        Instant now = Instant.now();
        ship(UsageSamples.entries("gw_c.0", 1, 1, 10, 10, now.minus(Duration.ofHours(30))));
        ship(UsageSamples.entries("gw_c.0", 1, 11, 15, 10, now.minus(Duration.ofDays(5))));
        await().atMost(Duration.ofSeconds(20)).until(() -> committed("u:1:gw_c.0") == 15);
        assertThat(count("SELECT sum(late_calls) FROM rollup WHERE grain = 2 AND slot < now() - interval '29 hours'"))
                .isEqualTo(10);
        assertThat(count("SELECT sum(calls) FROM rollup WHERE grain = 3")).isEqualTo(10);
        assertThat(count("SELECT count(*) FROM late_event")).isEqualTo(5);
    }

    @Test
    @DisplayName("writes also what a fenced writer took from the stream and could not write, before it trims past it")
    void stolen() throws Exception {
        Instant at = Instant.now().minusSeconds(10);
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        writer.stop();
        thread.join(5_000);
        startWriter((step, s) -> {
            if (step == WriterStep.AFTER_READ && read.getCount() > 0) {
                read.countDown();
                await().atMost(Duration.ofSeconds(20)).until(() -> goOn.getCount() == 0);
            }
        });
        ship(UsageSamples.entries("gw_z.0", EPOCH, 1, 10, 10, at));
        assertThat(read.await(20, TimeUnit.SECONDS)).isTrue();
        ship(UsageSamples.entries("gw_z.0", EPOCH, 11, 20, 10, at));
        gateway.sync()
                .xreadgroup(
                        Consumer.from(UsageStreams.GROUP, "writer"),
                        XReadArgs.StreamOffset.lastConsumed(UsageStreams.stream(shard)));
        ship(UsageSamples.entries("gw_z.0", EPOCH, 21, 30, 10, at));
        goOn.countDown();
        await().atMost(Duration.ofSeconds(10)).until(() -> committed("u:" + EPOCH + ":gw_z.0") == 30);
        assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(30);
        await().atMost(Duration.ofSeconds(5)).until(() -> gateway.sync().xlen(UsageStreams.stream(shard)) == 0);
    }

    @Test
    @DisplayName("writes also what a fenced writer took from the stream when nothing comes after it")
    void stolenLast() throws Exception {
        ship(UsageSamples.entries("gw_y.0", EPOCH, 1, 10, 10, Instant.now()));
        await().atMost(Duration.ofSeconds(20)).until(() -> committed("u:" + EPOCH + ":gw_y.0") == 10);
        gateway.sync().multi();
        ship(UsageSamples.entries("gw_y.0", EPOCH, 11, 20, 10, Instant.now()));
        gateway.sync()
                .xreadgroup(
                        Consumer.from(UsageStreams.GROUP, "writer"),
                        XReadArgs.StreamOffset.lastConsumed(UsageStreams.stream(shard)));
        gateway.sync().exec();
        await().atMost(Duration.ofSeconds(10)).until(() -> committed("u:" + EPOCH + ":gw_y.0") == 20);
        assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(20);
    }

    private void ship(List<UsageBatch> entries) {
        for (UsageBatch entry : entries) {
            gateway.sync().xadd(UsageStreams.stream(shard), entry.toFields());
        }
    }

    private long committed(String field) {
        byte[] value = gateway.sync().hget(UsageStreams.committed(shard), field);
        return value == null ? 0 : Long.parseLong(new String(value, java.nio.charset.StandardCharsets.US_ASCII));
    }

    private long count(String sql) {
        return database.asSystem(
                handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }
}
