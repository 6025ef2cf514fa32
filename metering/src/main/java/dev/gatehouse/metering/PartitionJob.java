package dev.gatehouse.metering;

import dev.gatehouse.metering.ledger.LedgerStore;
import dev.gatehouse.runtime.lease.Lease;
import dev.gatehouse.runtime.lease.Leases;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every hour: makes the partitions of the days to come, makes old ones small, and drops those whose time is over. Old ones are
 * seen to by one process at a time, under a lease; one that was paused and wakes up looks whether it still holds it before it
 * drops anything, and drops by the day of then, which is less.
 */
final class PartitionJob implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionJob.class);
    private static final Duration PACE = Duration.ofHours(1);
    private static final int DAYS_AHEAD = 7;

    /** The name of its lease. */
    static final String JOB = "partitions";

    private final LedgerStore store;
    private final Leases leases;
    private final MeteringSettings settings;
    private final InstantSource clock;

    PartitionJob(LedgerStore store, Leases leases, MeteringSettings settings, InstantSource clock) {
        this.store = store;
        this.leases = leases;
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

    /** Answers whether it was this process's turn, to the end. */
    boolean once() throws SQLException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        // each process needs them, and makes those that are not there
        store.prepare(today, today.plusDays(DAYS_AHEAD));
        Optional<Lease> lease = leases.acquire(JOB);
        if (lease.isEmpty()) {
            return false;
        }
        try {
            return once(lease.get(), today);
        } finally {
            leases.release(lease.get());
        }
    }

    private boolean once(Lease lease, LocalDate today) throws SQLException {
        store.compact(today.minusDays(settings.window().toDays() + 1));
        if (!leases.renew(lease)) {
            return false;
        }
        List<LocalDate> dropped = store.retire(
                today.minusDays(settings.keepCalls().toDays()),
                today.minusDays(settings.keepMinutes().toDays()));
        if (!dropped.isEmpty()) {
            LOG.info("dropped the calls of {}", dropped);
        }
        return true;
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
