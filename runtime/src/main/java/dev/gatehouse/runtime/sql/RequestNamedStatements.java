package dev.gatehouse.runtime.sql;

import dev.gatehouse.runtime.scope.RequestScope;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Says with each statement which request it is of, so that a slow query in the database's log names its call: by a comment
 * behind it, or, for a {@link Database#PREPARED} one, by the connection's application name, as the log's prefix and
 * {@code pg_stat_activity} show it.
 */
final class RequestNamedStatements extends DefaultStatementBuilder {
    private final String application;

    /** @param application what the pool's connections are called */
    RequestNamedStatements(String application) {
        this.application = application;
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        if (Boolean.TRUE.equals(context.getAttribute(Database.PREPARED))) {
            // the driver asks the server only where the name is another one
            connection.setClientInfo(
                    "ApplicationName",
                    RequestScope.statementComment()
                            .map(id -> application + " " + id)
                            .orElse(application));
            return super.create(connection, sql, context);
        }
        return super.create(connection, commented(sql), context);
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return super.createCall(connection, commented(sql), context);
    }

    private static String commented(String sql) {
        // the id is ours or was checked to have an id's form, so it cannot end the comment
        return RequestScope.statementComment()
                .map(id -> sql + " /* " + id + " */")
                .orElse(sql);
    }
}
