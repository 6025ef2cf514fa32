package dev.gatehouse.runtime.sql;

import dev.gatehouse.runtime.scope.RequestScope;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/** Puts the request's id behind each statement as a comment, so that a slow query in the database's log names its call. */
final class RequestCommentedStatements extends DefaultStatementBuilder {

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
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
