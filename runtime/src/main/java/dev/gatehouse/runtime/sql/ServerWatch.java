package dev.gatehouse.runtime.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a database can be reached, as this process knows it without asking: one view for all its pools of that database.
 *
 * <p>A thread asks the server every {@link #EVERY} over a connection of its own. A refused or broken connection says at once
 * that the server is away; silence does after {@link Probe#SILENCE}, whether the server is frozen or the network swallows
 * what is sent. From then on requests are told so without waiting, connections on which a request still waits are closed,
 * and the thread goes on asking over new ones until one is let in.
 *
 * <p>So a request that comes before the server is known to be away waits for about two seconds at the most, and those that
 * come after it not at all. Work of the installation's own waits for the server instead ({@link #awaitHere}), and keeps its
 * connections for {@link #OWN_WORK}: a server that was only held up goes on with them.
 */
final class ServerWatch {
    static final Duration EVERY = Duration.ofMillis(250);

    /** After this long away, connections on which the installation's own work waits are closed too. */
    static final Duration OWN_WORK = Duration.ofSeconds(30);

    private static final Duration AGAIN = Duration.ofMillis(20);

    /** A process that is held up itself each time it asks does not get an answer for its callers either. */
    private static final int UNCLEAR_AT_MOST = 4;

    private static final Duration ENTRY = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
    private static final Map<DatabaseUrl, ServerWatch> ALL = new HashMap<>();

    private final DatabaseUrl url;
    private final List<Pool> pools = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private volatile @Nullable Absence absence;
    private volatile boolean closed;
    private @Nullable Connection connection;

    /** @param toldOwnWork whether {@link Pool#wentForLong} was called */
    private record Absence(String reason, long sinceNanos, boolean toldOwnWork) {}

    /** Who has connections to the server. */
    interface Pool {
        /** Lets go of whoever waits for the server in a request. */
        void went();

        /** Lets go of everybody. */
        void wentForLong();

        void cameBack();
    }

    private ServerWatch(DatabaseUrl url) {
        this.url = url;
        this.thread = Thread.ofPlatform().daemon().name("database-watch").unstarted(this::watch);
    }

    /** The watch over this database, which lasts as long as one of its pools. */
    static ServerWatch over(DatabaseUrl url) {
        synchronized (ALL) {
            return ALL.computeIfAbsent(url, key -> {
                ServerWatch watch = new ServerWatch(key);
                watch.thread.start();
                return watch;
            });
        }
    }

    /** Why this process takes the database to be away; null when it does not, or does not use it. */
    static @Nullable String absence(DatabaseUrl url) {
        synchronized (ALL) {
            ServerWatch watch = ALL.get(url);
            Absence now = watch == null ? null : watch.absence;
            return now == null ? null : now.reason();
        }
    }

    void add(Pool pool) {
        synchronized (ALL) {
            pools.add(pool);
        }
    }

    void remove(Pool pool) {
        synchronized (ALL) {
            pools.remove(pool);
            removeIfUnused();
        }
    }

    /** Ends the watch when it has no pool. */
    void removeIfUnused() {
        synchronized (ALL) {
            if (pools.isEmpty()) {
                ALL.remove(url, this);
                closed = true;
                thread.interrupt();
            }
        }
    }

    boolean isAway() {
        return absence != null;
    }

    /** For a request: fails at once while the server is away. */
    void requireHere() throws DatabaseAway {
        Absence now = absence;
        if (now != null) {
            throw new DatabaseAway(now.reason(), null);
        }
    }

    /** For the installation's own work: waits for the server. */
    void awaitHere(Duration patience) throws DatabaseAway {
        if (absence == null) {
            return;
        }
        long left = patience.toNanos();
        lock.lock();
        try {
            while (absence != null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        requireHere();
    }

    /** Somebody has met a failure that may mean that the server is away: it is asked now. */
    void suspect() {
        LockSupport.unpark(thread);
    }

    private void watch() {
        int unclear = 0;
        while (!closed) {
            Probe probe = probe();
            unclear = probe instanceof Probe.Unclear ? unclear + 1 : 0;
            switch (probe) {
                case Probe.Here() -> here();
                case Probe.Away(String reason) -> away(reason);
                case Probe.Unclear() -> {
                    if (unclear == UNCLEAR_AT_MOST) {
                        away("it has not answered " + UNCLEAR_AT_MOST + " times");
                    }
                }
            }
            LockSupport.parkNanos((unclear > 0 ? AGAIN : EVERY).toNanos());
        }
        drop();
    }

    private Probe probe() {
        long begun = System.nanoTime();
        Connection open = connection;
        Duration patience = open == null ? ENTRY : Probe.SILENCE;
        try {
            if (open == null) {
                open = enter();
                connection = open;
            }
            try (Statement sql = open.createStatement()) {
                sql.execute("SELECT 1");
            }
            return new Probe.Here();
        } catch (SQLException e) {
            drop();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            // a connection that was ended alone, as by an administrator, says nothing yet: the next one will
            return open == null || took.compareTo(Probe.SILENCE) >= 0
                    ? Probe.of(e, took, patience)
                    : new Probe.Unclear();
        }
    }

    private Connection enter() throws SQLException {
        Properties properties = Database.credentials(url);
        properties.setProperty("ApplicationName", "gatehouse-watch");
        properties.setProperty("connectTimeout", Long.toString(ENTRY.toSeconds()));
        properties.remove("loginTimeout");
        properties.setProperty("socketTimeout", Long.toString(ENTRY.toSeconds()));
        Connection entered = DriverManager.getConnection(url.jdbc(), properties);
        entered.setNetworkTimeout(Runnable::run, (int) Probe.SILENCE.toMillis());
        return entered;
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                // no good-bye to whom may not read it
                open.abort(Runnable::run);
            } catch (SQLException e) {
                // it is gone anyway
            }
        }
    }

    private void here() {
        Absence before = absence;
        if (before == null) {
            return;
        }
        lock.lock();
        try {
            absence = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        pools.forEach(Pool::cameBack);
        LOG.info("PostgreSQL at {} is back after {} s.", url, seconds(System.nanoTime() - before.sinceNanos()));
    }

    private void away(String reason) {
        Absence before = absence;
        if (before == null) {
            absence = new Absence(reason, System.nanoTime(), false);
            LOG.warn(
                    "PostgreSQL at {} is away: {}. Calls that need it answer 503 at once until it is back.",
                    url,
                    reason);
            pools.forEach(Pool::went);
        } else if (!before.toldOwnWork() && System.nanoTime() - before.sinceNanos() > OWN_WORK.toNanos()) {
            absence = new Absence(reason, before.sinceNanos(), true);
            pools.forEach(Pool::wentForLong);
        } else if (!Objects.equals(before.reason(), reason)) {
            absence = new Absence(reason, before.sinceNanos(), before.toldOwnWork());
        }
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }
}
