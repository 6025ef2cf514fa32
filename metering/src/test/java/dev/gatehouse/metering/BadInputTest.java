package dev.gatehouse.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.RefusalTallyCodec;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the ledger cannot believe")
final class BadInputTest {
    private static final TenantId STRANGER = UsageSamples.tenant(77);

    @TempDir
    private static Path folder;

    private static EmbeddedRedis server;

    private final String url = EnginesForTests.newDatabase();
    private final Set<TenantId> tenants = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean away;
    private Redis redis;
    private SimpleMeterRegistry meters;
    private MeteringModule metering;
    private MeteringOperations operations;

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
        for (int number = 0; number < 5; number++) {
            tenants.add(UsageSamples.tenant(number));
        }
        redis = Redis.connect(server.url());
        redis.commands().flushall();
        open();
    }

    private void open() throws Exception {
        meters = new SimpleMeterRegistry();
        metering = MeteringModule.open(
                DatabaseUrl.parse(url), MeteringSettings.of(Settings.of(Map.of())), InstantSource.system());
        metering.startWriters(redis, this::ask, "bad-input", meters);
        operations = metering.operations(redis);
    }

    private boolean ask(TenantId tenant) throws IOException {
        asked.incrementAndGet();
        if (away) {
            throw new IOException("nobody is at home");
        }
        return tenants.contains(tenant);
    }

    @AfterEach
    void stop() {
        metering.close();
        redis.close();
    }

    @Test
    @DisplayName("is set aside with its reason and counted, the rest goes on, and what was put right is replayed once")
    void setAsideAndReplayed() throws Exception {
        Instant now = Instant.now();
        Instant old = now.minus(Duration.ofDays(5));
        ship(
                sample(1, now),
                new EventFix(null, null, -3L, -3L).apply(sample(2, now)),
                new EventFix(null, STRANGER, null, null).apply(sample(3, now)),
                sample(4, now.plus(Duration.ofHours(2))),
                sample(5, Instant.parse("2009-01-01T00:00:00Z")),
                sample(6, old),
                sample(7, now));
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            gateway.sync().xadd(stream("gw_bad.0"), Map.of("b", new byte[1 << 20]));
        }
        ship(sample(8, now));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(3);
            assertThat(operations.deadLetters(10)).hasSize(5);
        });
        assertThat(counted("gatehouse.ledger.dead.letters")).isEqualTo(5);
        assertThat(counted("gatehouse.ledger.late")).isEqualTo(1);
        assertThat(metering.reader().lateCalls(sample(6, old).tenant(), old.minusSeconds(1), now, 10))
                .hasSize(1);

        replay("its cost is -3", new EventFix(null, null, 2L, null));
        replay("tenant " + STRANGER + " is not known", new EventFix(null, UsageSamples.tenant(1), null, null));
        replay("lies in the future", new EventFix(now, null, null, null));
        replay("lies before all events", new EventFix(now, null, null, null));
        DeadLetterEntry junk = letter("the entry lacks its field");
        assertThat(junk.content().length).isGreaterThan(1 << 20);
        operations.dismiss(junk.id(), "a megabyte of zeros");

        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM usage_event") == 7);
        assertThat(operations.deadLetters(10)).isEmpty();
        assertThat(operations.verify().findings()).isEmpty();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(operations
                        .reconcile(Optional.empty(), today.minusDays(1), today)
                        .findings())
                .noneMatch(finding -> finding.what().contains("are neither"));
    }

    @Test
    @DisplayName(
            "is not a tenant that was made a moment ago: it is asked for before its call is refused, and once a batch")
    void freshTenant() throws Exception {
        UsageEvent first = new EventFix(null, STRANGER, null, null).apply(sample(1, Instant.now()));
        UsageEvent second = new EventFix(null, STRANGER, null, null).apply(sample(2, Instant.now()));
        ship(first, second);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> operations.deadLetters(10).size() == 2);
        assertThat(asked.getAndSet(0)).isEqualTo(1);
        tenants.add(STRANGER);
        ship(new EventFix(null, STRANGER, null, null).apply(sample(3, Instant.now())));
        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM usage_event") == 1);
        ship(new EventFix(null, STRANGER, null, null).apply(sample(4, Instant.now())));
        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM usage_event") == 2);
        assertThat(asked.get()).isEqualTo(1);
        replay("is not known", EventFix.NONE);
        replay("is not known", EventFix.NONE);
        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM usage_event") == 4);
    }

    @Test
    @DisplayName(
            "is told from what cannot be told: while the directory is away, calls of a new tenant wait, those of others go on")
    void waits() throws Exception {
        ship(sample(1, Instant.now()));
        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM usage_event") == 1);
        metering.close();
        away = true;
        open();
        ship(sample(6, Instant.now()));
        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM usage_event") == 2);
        ship(new EventFix(null, STRANGER, null, null).apply(sample(7, Instant.now())));
        tenants.add(STRANGER);
        await().atMost(Duration.ofSeconds(20)).until(() -> counted("gatehouse.ledger.failures") >= 2);
        assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(2);
        assertThat(operations.deadLetters(10)).isEmpty();
        away = false;
        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM usage_event") == 3);
        assertThat(operations.deadLetters(10)).isEmpty();
    }

    @Test
    @DisplayName("is also a refusal of nobody known")
    void refusals() throws Exception {
        RefusalTallyCodec codec = new RefusalTallyCodec();
        int length = codec.encode(new RefusalTally(
                "gw_bad.0", 1, 1, STRANGER, UsageSamples.key(1), "quota_exhausted", Instant.now(), 12));
        UsageBatch.Builder batch = new UsageBatch.Builder(UsageBatch.Kind.REFUSALS, "gw_bad.0", 1);
        batch.add(1, codec.buffer(), 0, length);
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            gateway.sync().xadd(stream("gw_bad.0"), batch.build().toFields());
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> operations.deadLetters(10).size() == 1);
        assertThat(count("SELECT count(*) FROM refusal")).isZero();
    }

    private static UsageEvent sample(long seq, Instant at) {
        return UsageSamples.event("gw_bad.0", 1, seq, at);
    }

    private void replay(String reason, EventFix fix) {
        operations.replay(letter(reason).id(), fix);
    }

    private DeadLetterEntry letter(String reason) {
        return operations.deadLetters(10).stream()
                .filter(letter -> letter.reason().contains(reason))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no letter says: " + reason));
    }

    private void ship(UsageEvent... events) {
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            for (UsageBatch entry : UsageSamples.entries(List.of(events), 50)) {
                gateway.sync().xadd(stream(entry.producer()), entry.toFields());
            }
        }
    }

    private static String stream(String producer) {
        return UsageStreams.stream(UsageStreams.shardOf(producer, UsageStreams.DEFAULT_SHARDS));
    }

    private double counted(String meter) {
        return meters.find(meter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private long count(String sql) throws Exception {
        try (Database ledger =
                Database.open(DatabaseUrl.parse(url), "ledger", "classpath:dev/gatehouse/metering/store/ledger", 1)) {
            return ledger.asSystem(
                    handle -> handle.createQuery(sql).mapTo(Long.class).one());
        }
    }
}
