package dev.gatehouse.metering.ledger;

import java.sql.SQLException;

/** The ledger's database did not answer; the batch is tried again. */
final class LedgerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerUnavailableException(SQLException cause) {
        super(cause);
    }
}
