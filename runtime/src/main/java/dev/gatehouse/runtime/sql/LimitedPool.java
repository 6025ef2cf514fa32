package dev.gatehouse.runtime.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.runtime.scope.RequestScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.postgresql.PGConnection;

/**
 * Connections that keep each statement to the time limit of the request that takes them, and to none outside of requests. The
 * server ends what takes longer: the driver's own limit would cost each statement a timer's task and the waking of its thread,
 * while this one is set only where a connection goes from the one use to the other.
 *
 * <p>While the server is away ({@link ServerWatch}) a request gets no connection and does not wait for one; one that already
 * waited, for a connection or for an answer, is let go when that becomes known. That every connection is in use is another
 * thing ({@link DatabaseBusy}) and says nothing about the server.
 */
final class LimitedPool extends HikariDataSource implements ServerWatch.Pool {
    /** How long the installation's own work waits for a server that is away before it is told so. */
    private static final Duration OWN_PATIENCE = Duration.ofSeconds(5);

    /**
     * The client's own limit comes this much after the server's, for a server whose process is frozen under one statement
     * and well otherwise.
     */
    private static final Duration BEHIND_SERVER = Duration.ofSeconds(2);

    private static final int IDLE = 1;

    private final ServerWatch watch;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final Map<PGConnection, Use> uses = new WeakHashMap<>();

    /**
     * What a connection was last taken for.
     *
     * @param limit of its statements on the server; zero for none
     */
    private record Use(Duration limit, boolean inRequest) {
        static final Use NEW = new Use(Duration.ZERO, false);

        static Use ofThisThread() {
            return new Use(
                    RequestScope.statementLimit().orElse(Duration.ZERO),
                    RequestScope.requestId().isPresent());
        }

        /** What the driver waits for an answer, in milliseconds; 0 for ever. */
        int networkMillis() {
            return limit.isZero() ? 0 : (int) limit.plus(BEHIND_SERVER).toMillis();
        }
    }

    LimitedPool(HikariConfig config, ServerWatch watch) {
        super(minimal(config));
        this.watch = watch;
        watch.add(this);
    }

    private static HikariConfig minimal(HikariConfig config) {
        config.setMinimumIdle(IDLE);
        return config;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Use use = Use.ofThisThread();
        if (use.inRequest()) {
            watch.requireHere();
        } else {
            watch.awaitHere(OWN_PATIENCE);
        }
        Waiting waits = new Waiting(Thread.currentThread());
        if (use.inRequest()) {
            waiting.add(waits);
        }
        try {
            return prepared(super.getConnection(), use);
        } catch (SQLException e) {
            throw understood(e);
        } finally {
            waiting.remove(waits);
            waits.over();
        }
    }

    private Connection prepared(Connection connection, Use use) throws SQLException {
        try {
            PGConnection server = connection.unwrap(PGConnection.class);
            Use before;
            synchronized (uses) {
                Use last = uses.put(server, use);
                before = last == null ? Use.NEW : last;
            }
            // past the pool, which would set it back at each return
            ((Connection) server).setNetworkTimeout(Runnable::run, use.networkMillis());
            if (!use.limit().equals(before.limit())) {
                limit(connection, server, use);
            }
            if (use.inRequest()) {
                // it may have gone between the first look and the last
                watch.requireHere();
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void limit(Connection connection, PGConnection server, Use use) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute("SET statement_timeout TO "
                    + (use.limit().isZero() ? "DEFAULT" : use.limit().toMillis()));
        } catch (SQLException e) {
            synchronized (uses) {
                uses.remove(server);
            }
            throw e;
        }
    }

    private SQLException understood(SQLException failure) {
        if (failure instanceof DatabaseAway) {
            return failure;
        }
        try {
            watch.requireHere();
        } catch (DatabaseAway away) {
            away.initCause(failure);
            return away;
        }
        if (failure instanceof SQLTransientConnectionException && isForLackOfConnections(failure)) {
            return new DatabaseBusy(
                    "all " + getMaximumPoolSize() + " connections of " + getPoolName() + " were in use for "
                            + getConnectionTimeout() + " ms",
                    failure);
        }
        watch.suspect();
        return failure;
    }

    /** Either ours are all in use, or the server has no more to give. */
    private boolean isForLackOfConnections(SQLException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return String.valueOf(sql.getSQLState()).startsWith("53");
            }
        }
        return true;
    }

    @Override
    public void went() {
        setMinimumIdle(0);
        waiting.forEach(Waiting::letGo);
        abort(Use::inRequest);
        getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void wentForLong() {
        abort(use -> true);
    }

    @Override
    public void cameBack() {
        setMinimumIdle(IDLE);
    }

    private void abort(Predicate<Use> which) {
        List<PGConnection> connections = new ArrayList<>();
        synchronized (uses) {
            uses.forEach((connection, use) -> {
                if (which.test(use)) {
                    connections.add(connection);
                }
            });
        }
        for (PGConnection connection : connections) {
            try {
                ((Connection) connection).abort(Runnable::run);
            } catch (SQLException e) {
                // it is gone anyway
            }
        }
    }

    @Override
    public void close() {
        watch.remove(this);
        if (watch.isAway()) {
            // nobody would answer a good-bye
            abort(use -> true);
        }
        super.close();
    }

    /** A request's thread while it waits for a connection. */
    private static final class Waiting {
        private final Thread thread;
        private boolean over;
        private boolean interrupted;

        Waiting(Thread thread) {
            this.thread = thread;
        }

        synchronized void letGo() {
            if (!over) {
                interrupted = true;
                thread.interrupt();
            }
        }

        /** The interruption was for the wait alone. */
        synchronized void over() {
            over = true;
            if (interrupted) {
                boolean unused = Thread.interrupted();
            }
        }
    }
}
