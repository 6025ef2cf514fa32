package dev.gatehouse.metering.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.metering.LedgerSandbox;
import dev.gatehouse.metering.UsageSamples;
import dev.gatehouse.metering.audit.Verification;
import dev.gatehouse.metering.ledger.FencedException;
import dev.gatehouse.metering.ledger.Lease;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every store of the ledger. */
abstract class LedgerStoreSuite {
    private LedgerSandbox ledger;

    /** An empty ledger in the store that is tested. */
    abstract LedgerSandbox open() throws Exception;

    @BeforeEach
    void start() throws Exception {
        ledger = open();
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    @DisplayName("lets a batch of a writer that lost its lease fail as a whole")
    void fencing() throws Exception {
        Lease old = ledger.store().acquire(0, "old", Duration.ofMillis(1)).orElseThrow();
        assertThat(ledger.write(old, events("gw_f", 1, 10))).isEqualTo(1);
        ledger.change("UPDATE shard SET held_until = now() - interval '1 second'");
        Lease fresh = ledger.lease(0, "new");
        assertThat(fresh.epoch()).isGreaterThan(old.epoch());
        assertThatThrownBy(() -> ledger.write(old, events("gw_f", 11, 20))).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> ledger.store().renew(old, Duration.ofSeconds(1)))
                .isInstanceOf(FencedException.class);
        assertThat(ledger.number("SELECT count(*) FROM usage_event")).isEqualTo(10);
        assertThat(ledger.number("SELECT sum(calls) FROM rollup WHERE grain = 3"))
                .isEqualTo(10);
        assertThat(ledger.write(fresh, events("gw_f", 11, 20))).isEqualTo(2);
    }

    @Test
    @DisplayName("gives a held shard to nobody else")
    void held() throws Exception {
        ledger.lease(0, "one");
        assertThat(ledger.store().acquire(0, "two", Duration.ofSeconds(1))).isEmpty();
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @DisplayName("makes the days to come beside a reader and a writer that are in mid-transaction")
    void partitionsBesideOthers() throws Exception {
        assumeTrue(ledger.sessions() > 1, "left out: this server has one session for all connections");
        ledger.write(ledger.lease(0, "one"), events("gw_p", 1, 10));
        try (Connection busy = ledger.dataSource().getConnection();
                Statement statement = busy.createStatement()) {
            busy.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM usage_event; LOCK TABLE usage_event IN ROW EXCLUSIVE MODE");
            LocalDate far = LocalDate.of(2031, 5, 1);
            ledger.store().prepare(far, far.plusDays(2));
            busy.rollback();
        }
    }

    @Test
    @DisplayName("keeps a chain and sums that a walk confirms, over many seeded batches with duplicates")
    void chain() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Lease lease = ledger.lease(0, "one");
        for (int i = 0; i < 25; i++) {
            long first = 1 + random.nextInt(500);
            ledger.write(
                    lease,
                    UsageSamples.entries(
                            "gw_" + random.nextInt(3),
                            1 + random.nextInt(2),
                            first,
                            first + random.nextInt(200),
                            50,
                            Instant.now().minusSeconds(random.nextInt(200_000))));
        }
        Verification verification = new LedgerWalk(ledger.dataSource()).walk();
        assertThat(verification.findings()).as("seed %d", seed).isEmpty();
        assertThat(verification.events())
                .isEqualTo(ledger.number("SELECT count(*) FROM usage_event"))
                .isPositive();
        assertThat(ledger.number("SELECT count(*) - count(DISTINCT (producer, epoch, seq)) FROM usage_event"))
                .isZero();
    }

    @Test
    @DisplayName("names what was changed behind its back")
    void tampering() throws Exception {
        Lease lease = ledger.lease(0, "one");
        for (int i = 0; i < 4; i++) {
            ledger.write(lease, events("gw_t", 1 + i * 10L, 10 + i * 10L));
        }
        assertThat(new LedgerWalk(ledger.dataSource()).walk().holds()).isTrue();
        ledger.change("UPDATE usage_event SET charged = charged + 5 WHERE seq = 3");
        assertThat(findings())
                .anyMatch(what -> what.contains("columns are not what its frame says"))
                .anyMatch(what -> what.contains("rollup"));
        ledger.change("UPDATE usage_event SET charged = charged - 5 WHERE seq = 3");
        ledger.change("DELETE FROM usage_event WHERE seq = 12");
        assertThat(findings()).anyMatch(what -> what.contains("it has 9 rows and was written with 10"));
        ledger.change("UPDATE batch SET content = sha256('x') WHERE number = 3");
        assertThat(findings()).anyMatch(what -> what.contains("does not follow from the batch before"));
        ledger.change("DELETE FROM batch WHERE number = 4");
        assertThat(findings()).anyMatch(what -> what.contains("its head says 5"));
    }

    @Test
    @DisplayName("drops days whose time is over and keeps their sums")
    void retention() throws Exception {
        Instant old = Instant.now().minus(Duration.ofDays(2));
        Lease lease = ledger.lease(0, "one");
        ledger.write(lease, UsageSamples.entries("gw_r", 1, 1, 10, 50, old));
        ledger.write(lease, events("gw_r", 11, 20));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(ledger.store().retire(today.minusDays(1), today.minusDays(1)))
                .contains(today.minusDays(2));
        assertThat(ledger.number("SELECT count(*) FROM usage_event")).isEqualTo(10);
        assertThat(ledger.number("SELECT sum(calls) FROM rollup WHERE grain = 3"))
                .isEqualTo(20);
        Verification after = new LedgerWalk(ledger.dataSource()).walk();
        assertThat(after.findings()).isEmpty();
        assertThat(after.notKept()).isEqualTo(1);
    }

    @Test
    @DisplayName("makes days that are over small where it can, and counts and takes late events of them as ever")
    void compaction() throws Exception {
        Lease lease = ledger.lease(0, "one");
        Instant old = Instant.now().minus(Duration.ofHours(60));
        ledger.write(lease, UsageSamples.entries("gw_z", 1, 1, 500, 50, old));
        ledger.write(lease, UsageSamples.entries("gw_z", 1, 501, 510, 50, Instant.now()));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        ledger.store().compact(today);
        ledger.store().compact(today);
        ledger.write(lease, UsageSamples.entries("gw_z", 1, 511, 530, 50, old.plusSeconds(1)));
        assertThat(ledger.number("SELECT count(*) FROM usage_event")).isEqualTo(530);
        assertThat(ledger.number("SELECT sum(late_calls) FROM rollup WHERE grain = 3"))
                .isEqualTo(520);
        Verification verification = new LedgerWalk(ledger.dataSource()).walk();
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.events()).isEqualTo(530);
        assertThat(ledger.store().retire(today, today)).contains(LocalDate.ofInstant(old, ZoneOffset.UTC));
        assertThat(ledger.number("SELECT count(*) FROM usage_event")).isEqualTo(10);
    }

    LedgerSandbox ledger() {
        return ledger;
    }

    private List<String> findings() throws Exception {
        return new LedgerWalk(ledger.dataSource())
                .walk().findings().stream()
                        .map(finding -> finding.where() + " " + finding.what())
                        .toList();
    }

    private static List<UsageBatch> events(String producer, long first, long last) {
        return UsageSamples.entries(producer, 1, first, last, 50, Instant.now());
    }
}
