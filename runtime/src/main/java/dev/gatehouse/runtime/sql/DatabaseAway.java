package dev.gatehouse.runtime.sql;

import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** The database cannot be reached now; whoever asked was not made to wait for it. */
public final class DatabaseAway extends SQLTransientConnectionException {
    private static final long serialVersionUID = 1L;

    /** PostgreSQL's appendix A: connection_failure. */
    private static final String STATE = "08006";

    DatabaseAway(String reason, @Nullable Throwable cause) {
        super("PostgreSQL is away: " + reason, STATE, cause);
    }
}
