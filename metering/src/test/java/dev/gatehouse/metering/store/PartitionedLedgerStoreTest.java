package dev.gatehouse.metering.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.metering.LedgerSandbox;
import java.time.LocalDate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ledger's store on native partitions")
final class PartitionedLedgerStoreTest extends LedgerStoreSuite {
    @Override
    LedgerSandbox open() throws Exception {
        return new LedgerSandbox();
    }

    @Test
    @DisplayName("makes a partition a day, once")
    void partitions() throws Exception {
        LocalDate far = LocalDate.of(2031, 5, 1);
        ledger().store().prepare(far, far.plusDays(2));
        ledger().store().prepare(far, far.plusDays(2));
        assertThat(ledger().number("SELECT count(*) FROM partitions('usage_event') AS day WHERE day >= '2031-05-01'"))
                .isEqualTo(3);
        assertThat(ledger().number("SELECT has_hypertables()::int")).isZero();
    }
}
