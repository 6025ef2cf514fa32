package dev.gatehouse.runtime.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.runtime.scope.RequestScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.postgresql.PGConnection;

/**
 * Connections that keep each statement to the time limit of the request that takes them, and to none outside of requests. The
 * server ends what takes longer: the driver's own limit would cost each statement a timer's task and the waking of its thread,
 * while this one is set only where a connection goes from the one use to the other.
 */
final class LimitedPool extends HikariDataSource {
    private final Map<PGConnection, Duration> limits = Collections.synchronizedMap(new WeakHashMap<>());

    LimitedPool(HikariConfig config) {
        super(config);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        try {
            PGConnection server = connection.unwrap(PGConnection.class);
            Duration limit = RequestScope.statementLimit().orElse(Duration.ZERO);
            if (!limit.equals(limits.getOrDefault(server, Duration.ZERO))) {
                try (Statement sql = connection.createStatement()) {
                    sql.execute("SET statement_timeout TO " + (limit.isZero() ? "DEFAULT" : limit.toMillis()));
                }
                limits.put(server, limit);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }
}
