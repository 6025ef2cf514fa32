package dev.gatehouse.metering;

import dev.gatehouse.metering.ledger.LedgerStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every hour: makes the partitions of the days to come, makes old ones small, and drops those whose time is over. */
final class PartitionJob implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionJob.class);
    private static final Duration PACE = Duration.ofHours(1);
    private static final int DAYS_AHEAD = 7;

    private final LedgerStore store;
    private final MeteringSettings settings;
    private final InstantSource clock;

    PartitionJob(LedgerStore store, MeteringSettings settings, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                once();
                Thread.sleep(PACE);
            } catch (SQLException | RuntimeException | Error e) {
                LOG.warn("the ledger's partitions are seen to in an hour: {}", e.getMessage());
                if (!sleep()) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    void once() throws SQLException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        store.prepare(today, today.plusDays(DAYS_AHEAD));
        store.compact(today.minusDays(settings.window().toDays() + 1));
        List<LocalDate> dropped = store.retire(
                today.minusDays(settings.keepCalls().toDays()),
                today.minusDays(settings.keepMinutes().toDays()));
        if (!dropped.isEmpty()) {
            LOG.info("dropped the calls of {}", dropped);
        }
    }

    private static boolean sleep() {
        try {
            Thread.sleep(PACE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
