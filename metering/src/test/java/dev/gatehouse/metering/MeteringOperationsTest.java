package dev.gatehouse.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.audit.Reconciliation;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An operator")
final class MeteringOperationsTest {
    private static final Optional<dev.gatehouse.kernel.id.TenantId> ALL = Optional.empty();
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final String url = EnginesForTests.newDatabase();

    @TempDir
    private static Path folder;

    private static dev.gatehouse.engines.EmbeddedRedis server;
    private Redis redis;
    private MeteringModule metering;
    private MeteringOperations operations;

    @org.junit.jupiter.api.BeforeAll
    static void startRedis() {
        server = EnginesForTests.ownRedis(folder);
    }

    @org.junit.jupiter.api.AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        redis = Redis.connect(server.url());
        redis.commands().flushall();
        metering = MeteringModule.open(
                DatabaseUrl.parse(url), MeteringSettings.of(Settings.of(Map.of())), InstantSource.system());
        metering.startWriters(redis, TenantDirectory.OPEN, "operator-test", new SimpleMeterRegistry());
        operations = metering.operations(redis);
    }

    @AfterEach
    void stop() {
        metering.close();
        redis.close();
    }

    @Test
    @DisplayName("sees that ledger, rollups and counters agree, names a counter that does not, and repairs it")
    void reconciles() throws Exception {
        ship(UsageSamples.entries("gw_rec.0", 1, 1, 500, 50, Instant.now().minusSeconds(5)));
        await().atMost(Duration.ofSeconds(20)).until(() -> ledgered() == 500);
        Reconciliation without = operations.reconcile(ALL, today.minusDays(1), today);
        assertThat(without.agrees()).isFalse();
        assertThat(without.findings().getFirst().what()).contains("Redis has no counters");
        Reconciliation repaired = operations.repair(ALL, today.minusDays(1), today);
        assertThat(repaired.findings()).isEmpty();
        assertThat(repaired.repaired()).isPositive();
        String tenant = repaired.tenants().getFirst().tenant();
        LocalDate day = repaired.tenants().getFirst().day();
        redis.commands().hincrby(UsageStreams.counters(new dev.gatehouse.kernel.id.TenantId(tenant), day), "calls", 3);
        assertThat(operations.reconcile(ALL, today.minusDays(1), today).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.where()).contains(tenant));
        assertThat(operations.verify().findings()).isEmpty();
    }

    @Test
    @DisplayName("names numbers of a dead epoch that are neither in the ledger nor declared lost")
    void conservation() throws Exception {
        ship(UsageSamples.entries("gw_con.0", 1, 1, 40, 50, Instant.now()));
        ship(UsageSamples.entries("gw_con.0", 1, 51, 60, 50, Instant.now()));
        ship(UsageSamples.entries("gw_con.0", 2, 1, 5, 50, Instant.now()));
        await().atMost(Duration.ofSeconds(20)).until(() -> ledgered() == 55);
        assertThat(operations.reconcile(ALL, today.minusDays(1), today).findings())
                .anyMatch(finding -> finding.what().startsWith("10 of 60 numbers are neither"));
        ship(List.of(new UsageBatch(
                UsageBatch.Kind.USAGE_GAP,
                "gw_con.0",
                1,
                41,
                10,
                "burnt".getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(operations
                                .reconcile(ALL, today.minusDays(1), today)
                                .findings())
                        .noneMatch(finding -> finding.what().contains("are neither")));
    }

    @Test
    @DisplayName("fixes an event that was set aside and replays it; twice counts once")
    void replays() throws Exception {
        ship(UsageSamples.entries("gw_dead.0", 1, 1, 1, 50, Instant.now().plusSeconds(7_200)));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> operations.deadLetters(10).size() == 1);
        DeadLetterEntry letter = operations.deadLetters(10).getFirst();
        assertThat(letter.reason()).contains("lies in the future");
        Instant now = Instant.now();
        operations.replay(letter.id(), new EventFix(now, null, null, null));
        operations.replay(letter.id(), new EventFix(now, null, null, null));
        await().atMost(Duration.ofSeconds(20)).until(() -> ledgered() == 1);
        assertThat(operations.deadLetters(10)).isEmpty();
        assertThatThrownBy(() -> operations.replay(9_999, EventFix.NONE)).hasMessageContaining("no dead letter 9999");
    }

    private void ship(List<UsageBatch> entries) {
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            for (UsageBatch entry : entries) {
                String stream =
                        UsageStreams.stream(UsageStreams.shardOf(entry.producer(), UsageStreams.DEFAULT_SHARDS));
                gateway.sync().xadd(stream, entry.toFields());
            }
        }
    }

    private long ledgered() throws Exception {
        try (Database ledger =
                Database.open(DatabaseUrl.parse(url), "ledger", "classpath:dev/gatehouse/metering/store/ledger", 1)) {
            return ledger.asSystem(handle -> handle.createQuery("SELECT count(*) FROM usage_event")
                    .mapTo(Long.class)
                    .one());
        }
    }
}
