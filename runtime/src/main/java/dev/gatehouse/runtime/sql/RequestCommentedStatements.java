package dev.gatehouse.runtime.sql;

import dev.gatehouse.runtime.scope.RequestScope;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Puts the request's id behind each statement as a comment, so that a slow query in the database's log names its call, and
 * keeps the statement to the request's time limit.
 */
final class RequestCommentedStatements extends DefaultStatementBuilder {

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        return limited(super.create(connection, commented(sql), context));
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return limited(super.createCall(connection, commented(sql), context));
    }

    private static <S extends Statement> S limited(S statement) throws SQLException {
        Optional<Duration> limit = RequestScope.statementLimit();
        if (limit.isPresent()) {
            statement.setQueryTimeout((int) limit.get().toSeconds());
        }
        return statement;
    }

    private static String commented(String sql) {
        // the id is ours or was checked to have an id's form, so it cannot end the comment
        return RequestScope.requestId().map(id -> sql + " /* " + id + " */").orElse(sql);
    }
}
