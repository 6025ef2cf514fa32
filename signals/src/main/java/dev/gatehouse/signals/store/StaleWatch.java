package dev.gatehouse.signals.store;

import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.raise.Raised;
import dev.gatehouse.signals.raise.StaleRule;
import dev.gatehouse.signals.store.SignalRows.Due;
import dev.gatehouse.signals.store.SignalRows.Telling;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises {@code stale_listing} when it is due. It looks up by an index whose time has come, a few hundred at a time, and reads
 * nothing else. Any number of processes may.
 */
final class StaleWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StaleWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration NEWS = Duration.ofDays(7);
    private static final int AT_ONCE = 200;

    private final Database database;
    private final SignalRows signals;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("signals-stale").unstarted(this::watch);

    StaleWatch(Database database, SignalRows signals, InstantSource clock) {
        this.database = database;
        this.signals = signals;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (!stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    while (look() == AT_ONCE && stop.getCount() > 0) {
                        LOG.debug("more homes are due to be called stale");
                    }
                } catch (RuntimeException | Error e) {
                    LOG.warn("Stale listings cannot be looked up now; it will be tried again.", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Raises what is due now. @return how many homes were looked at, {@value #AT_ONCE} at the most */
    int look() {
        Instant now = clock.instant();
        return database.<Integer, RuntimeException>asSystem(transaction -> {
            List<Home> homes = HomeRows.stale(transaction, now, AT_ONCE);
            List<Due> due = new ArrayList<>();
            List<Home> after = new ArrayList<>();
            for (Home home : homes) {
                StaleRule.raise(home, now).ifPresent(raised -> due.add(due(raised, now)));
                after.add(StaleRule.after(home, now));
            }
            HomeRows.save(transaction, after);
            signals.add(transaction, due);
            return homes.size();
        });
    }

    /** A home that a new service finds stale for long is no news. */
    private static Due due(Raised raised, Instant now) {
        return new Due(raised, raised.occurredAt().isAfter(now.minus(NEWS)) ? Telling.TOLD : Telling.QUIET);
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(Duration.ofSeconds(6));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
