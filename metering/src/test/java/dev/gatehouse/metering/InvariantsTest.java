package dev.gatehouse.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageBatch.Kind;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.audit.Reconciliation;
import dev.gatehouse.metering.audit.Verification;
import dev.gatehouse.metering.ledger.FencedException;
import dev.gatehouse.metering.ledger.Lease;
import dev.gatehouse.metering.ledger.WriterStep;
import dev.gatehouse.metering.store.LedgerWalk;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Of metering it always holds:")
final class InvariantsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static EmbeddedRedis server;
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private LedgerSandbox ledger;
    private Redis redis;

    @BeforeAll
    static void startRedis() {
        server = EnginesForTests.ownRedis(folder);
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        ledger = new LedgerSandbox();
        redis = Redis.connect(server.url());
        redis.commands().flushall();
    }

    @AfterEach
    void stop() {
        redis.close();
        ledger.close();
    }

    @Test
    @DisplayName("1 conservation: each number of a producer's epoch is in the ledger, in flight, or declared lost")
    void conservation() throws Exception {
        try (MeteringModule metering = open(WriterStep.Observer.NONE)) {
            String field = UsageStreams.committedField(Kind.USAGE, "gw_i1.0", 1);
            int shard = UsageStreams.shardOf("gw_i1.0", UsageStreams.DEFAULT_SHARDS);
            redis.commands().hset(UsageStreams.journaled(shard), field, "100");
            Reconciliation before = metering.operations(redis).reconcile(Optional.empty(), today, today);
            assertThat(before.sequences())
                    .singleElement()
                    .satisfies(row -> assertThat(row.inFlight()).isEqualTo(100));
            metering.startWriters(redis, TenantDirectory.OPEN, "one", new SimpleMeterRegistry());
            ship(UsageSamples.entries("gw_i1.0", 1, 1, 60, 50, Instant.now()));
            ship(List.of(new UsageBatch(
                    Kind.USAGE_GAP, "gw_i1.0", 1, 61, 15, "the disk was full".getBytes(StandardCharsets.UTF_8))));
            ship(UsageSamples.entries("gw_i1.0", 1, 76, 90, 50, Instant.now()));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(metering.operations(redis)
                                    .reconcile(Optional.empty(), today, today)
                                    .sequences())
                            .singleElement()
                            .satisfies(row -> {
                                assertThat(row.held()).isEqualTo(75);
                                assertThat(row.gaps()).isEqualTo(15);
                                assertThat(row.inFlight()).isEqualTo(10);
                                assertThat(row.held() + row.gaps() + row.inFlight())
                                        .isEqualTo(row.journaled());
                            }));
        }
    }

    @Test
    @DisplayName("2 uniqueness by producer, epoch and sequence, whatever the time that an event claims")
    void uniqueness() throws Exception {
        Lease lease = ledger.lease(0, "one");
        Instant now = Instant.now();
        for (int days = 0; days < 3; days++) {
            ledger.write(lease, UsageSamples.entries("gw_i2", 1, 1, 40, 7, now.minus(Duration.ofDays(days))));
            ledger.write(lease, UsageSamples.entries("gw_i2", 1, 20, 60, 11, now.minus(Duration.ofHours(days))));
        }
        assertThat(ledger.number("SELECT count(*) FROM usage_event")).isEqualTo(60);
        assertThat(ledger.number("SELECT count(DISTINCT seq) FROM usage_event")).isEqualTo(60);
        assertThat(ledger.number("SELECT sum(calls) FROM rollup WHERE grain = 1"))
                .isEqualTo(60);
    }

    @Test
    @DisplayName("3 an entry is acknowledged only after the commit of what it holds")
    void acknowledgedAfterCommit() throws Exception {
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        Queue<WriterStep> seen = new ConcurrentLinkedQueue<>();
        WriterStep.Observer watch = (step, shard) -> {
            seen.add(step);
            long waiting = redis.commands().xlen(UsageStreams.stream(shard));
            long open = redis.commands()
                    .xpending(UsageStreams.stream(shard), UsageStreams.GROUP)
                    .getCount();
            long rows = ledger.number("SELECT count(*) FROM usage_event WHERE shard = " + shard);
            boolean early = EnumSet.range(WriterStep.AFTER_READ, WriterStep.BEFORE_ACKNOWLEDGE)
                    .contains(step);
            if (early && (open == 0 || waiting == 0)) {
                faults.add(step + ": " + open + " unacknowledged of " + waiting);
            }
            if (step.compareTo(WriterStep.BEFORE_COMMIT) <= 0 && rows != 0
                    || step.compareTo(WriterStep.AFTER_COMMIT) >= 0 && rows != 30) {
                faults.add(step + ": " + rows + " rows to be seen");
            }
        };
        try (MeteringModule metering = open(watch)) {
            ship(UsageSamples.entries("gw_i3.0", 1, 1, 30, 50, Instant.now()));
            metering.startWriters(redis, TenantDirectory.OPEN, "one", new SimpleMeterRegistry());
            await().atMost(PATIENCE).until(() -> seen.contains(WriterStep.AFTER_TRIM));
        }
        assertThat(seen).startsWith(WriterStep.values());
        assertThat(faults).isEmpty();
    }

    @Test
    @DisplayName("4 every rollup is the sum of its raw rows, in exact arithmetic")
    void rollups() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random chance = new Random(seed);
        Lease lease = ledger.lease(0, "one");
        for (int i = 0; i < 10; i++) {
            List<UsageEvent> events = new ArrayList<>();
            for (long seq = 1 + i * 40L; seq <= 40 + i * 40L; seq++) {
                UsageEvent event =
                        UsageSamples.event("gw_i4", 1, seq, Instant.now().minusSeconds(chance.nextInt(90_000)));
                events.add(new EventFix(null, null, 1 + chance.nextLong(1L << 52), null).apply(event));
            }
            ledger.write(lease, UsageSamples.entries(events, 13));
        }
        assertThat(new LedgerWalk(ledger.database().dataSource()).walk().findings())
                .as("seed %d", seed)
                .isEmpty();
        assertThat(ledger.number("SELECT count(*) FROM (SELECT sum(charged) FROM usage_event EXCEPT"
                        + " SELECT sum(units) FROM rollup GROUP BY grain) AS differ"))
                .as("seed %d", seed)
                .isZero();
    }

    @Test
    @DisplayName("5 a zombie writes nothing, batch numbers are dense, and the chain is whole")
    void fencing() throws Exception {
        Lease zombie = ledger.store().acquire(0, "zombie", Duration.ofMillis(1)).orElseThrow();
        ledger.write(zombie, UsageSamples.entries("gw_i5", 1, 1, 10, 50, Instant.now()));
        ledger.change("UPDATE shard SET held_until = now() - interval '1 second'");
        Lease fresh = ledger.lease(0, "fresh");
        for (int i = 1; i < 4; i++) {
            List<UsageBatch> next = UsageSamples.entries("gw_i5", 1, 1 + i * 10L, 10 + i * 10L, 50, Instant.now());
            assertThatThrownBy(() -> ledger.write(zombie, next)).isInstanceOf(FencedException.class);
            assertThat(ledger.write(fresh, next)).isEqualTo(i + 1);
        }
        assertThat(ledger.number("SELECT max(number) - count(*) FROM batch")).isZero();
        Verification walked = new LedgerWalk(ledger.database().dataSource()).walk();
        assertThat(walked.findings()).isEmpty();
        assertThat(walked.batches()).isEqualTo(4);
    }

    @Test
    @DisplayName("6 the counters in Redis are the ledger and what is not acknowledged, before, while and after")
    void counters() throws Exception {
        try (MeteringModule metering = open(WriterStep.Observer.NONE)) {
            MeteringOperations operations = metering.operations(redis);
            metering.startWriters(redis, TenantDirectory.OPEN, "one", new SimpleMeterRegistry());
            count(1, 500);
            ship(UsageSamples.entries("gw_i6.0", 1, 1, 500, 50, Instant.now()));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(operations.reconcile(Optional.empty(), today, today))
                            .satisfies(found -> assertThat(found.findings()).isEmpty())
                            .satisfies(found -> assertThat(found.tenants().stream()
                                            .mapToLong(Reconciliation.TenantRow::ledgerCalls)
                                            .sum())
                                    .isEqualTo(500)));
        }
        try (MeteringModule idle = open(WriterStep.Observer.NONE)) {
            count(501, 620);
            ship(UsageSamples.entries("gw_i6.0", 1, 501, 620, 50, Instant.now()));
            Reconciliation waiting = idle.operations(redis).reconcile(Optional.empty(), today, today);
            assertThat(waiting.findings()).isEmpty();
            assertThat(waiting.tenants().stream()
                            .mapToLong(Reconciliation.TenantRow::streamed)
                            .sum())
                    .isEqualTo(120);
        }
    }

    @Test
    @DisplayName("7 a closed period gives the same bytes later, after duplicates, latecomers and another writer")
    void closed() throws Exception {
        Instant old = Instant.now().minus(Duration.ofDays(4));
        Lease lease = ledger.lease(0, "one");
        ledger.store()
                .commit(
                        lease,
                        LedgerSandbox.TERM,
                        ledger.batch(UsageSamples.entries("gw_i7", 1, 1, 200, 50, old), old.plusSeconds(10)),
                        ledger.sequences());
        try (MeteringModule metering = open(WriterStep.Observer.NONE)) {
            byte[] first = period(metering, old);
            ledger.write(lease, UsageSamples.entries("gw_i7", 1, 1, 250, 50, old));
            ledger.store().release(lease);
            ledger.write(ledger.lease(0, "two"), UsageSamples.entries("gw_i7", 2, 1, 50, 50, old));
            assertThat(period(metering, old)).isEqualTo(first);
            assertThat(ledger.number("SELECT count(*) FROM late_event")).isEqualTo(100);
        }
    }

    private static byte[] period(MeteringModule metering, Instant at) {
        List<Object> all = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            TenantId tenant = UsageSamples.tenant(number);
            for (Bucket bucket : Bucket.values()) {
                all.add(metering.reader()
                        .sums(new UsageQuery(
                                tenant,
                                at.minus(Duration.ofHours(12)),
                                at.plus(Duration.ofHours(12)),
                                bucket,
                                EnumSet.allOf(Dimension.class))));
            }
        }
        return Json.bytes(all);
    }

    /** As a gateway counts. */
    private void count(long first, long last) {
        for (long seq = first; seq <= last; seq++) {
            UsageEvent event = UsageSamples.event("gw_i6.0", 1, seq, Instant.now());
            String key = UsageStreams.counters(event.tenant(), today);
            redis.commands().hincrby(key, "calls", 1);
            redis.commands().hincrby(key, "units", event.charged());
        }
    }

    private MeteringModule open(WriterStep.Observer observer) throws Exception {
        return MeteringModule.open(
                DatabaseUrl.parse(ledger.url()),
                MeteringSettings.of(Settings.of(Map.of())),
                InstantSource.system(),
                observer);
    }

    private void ship(List<UsageBatch> entries) {
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            for (UsageBatch entry : entries) {
                gateway.sync()
                        .xadd(
                                UsageStreams.stream(
                                        UsageStreams.shardOf(entry.producer(), UsageStreams.DEFAULT_SHARDS)),
                                entry.toFields());
            }
        }
    }
}
