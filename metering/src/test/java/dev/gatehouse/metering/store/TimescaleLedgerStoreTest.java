package dev.gatehouse.metering.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.metering.LedgerSandbox;
import dev.gatehouse.metering.UsageSamples;
import dev.gatehouse.metering.ledger.Lease;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runs where {@code GATEHOUSE_TIMESCALE_URL} names a database, as in {@code jdbc:postgresql://127.0.0.1:5432/test?user=…}. */
@DisplayName("The ledger's store on TimescaleDB")
final class TimescaleLedgerStoreTest extends LedgerStoreSuite {
    private static final @Nullable String URL = System.getenv("GATEHOUSE_TIMESCALE_URL");

    @BeforeAll
    static void named() {
        if (URL == null) {
            System.out.println("The ledger's store on TimescaleDB is left out: GATEHOUSE_TIMESCALE_URL names none");
        }
        assumeTrue(URL != null, "GATEHOUSE_TIMESCALE_URL names no TimescaleDB");
    }

    @Override
    LedgerSandbox open() throws Exception {
        return LedgerSandbox.emptied(String.valueOf(URL));
    }

    @Test
    @DisplayName("keeps calls in hypertables with a chunk a day, and compresses those that are over")
    void hypertables() throws Exception {
        assertThat(ledger().number("SELECT has_hypertables()::int")).isEqualTo(1);
        Lease lease = ledger().lease(0, "one");
        Instant old = Instant.now().minus(Duration.ofHours(48));
        ledger().write(lease, UsageSamples.entries("gw_h", 1, 1, 3_000, 50, old));
        ledger().write(lease, UsageSamples.entries("gw_h", 1, 3_001, 3_010, 50, Instant.now()));
        String compressed = "SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed";
        assertThat(ledger().number(compressed)).isZero();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        ledger().store().compact(today);
        assertThat(ledger().number(compressed)).isEqualTo(1);
        assertThat(ledger().number("SELECT count(*) FROM partitions('usage_event')"))
                .isEqualTo(2);
        assertThat(ledger().number("SELECT count(*) FROM usage_event")).isEqualTo(3_010);
    }
}
