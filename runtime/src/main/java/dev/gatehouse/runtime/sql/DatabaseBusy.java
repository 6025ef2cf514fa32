package dev.gatehouse.runtime.sql;

import java.sql.SQLTransientException;

/** The database is there, but every connection that one may have to it was in use for as long as one waits for one. */
public final class DatabaseBusy extends SQLTransientException {
    private static final long serialVersionUID = 1L;

    /** PostgreSQL's appendix A: too_many_connections. */
    private static final String STATE = "53300";

    DatabaseBusy(String reason, Throwable cause) {
        super(reason, STATE, cause);
    }
}
