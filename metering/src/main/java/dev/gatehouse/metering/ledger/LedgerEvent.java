package dev.gatehouse.metering.ledger;

import dev.gatehouse.kernel.usage.UsageEvent;

/**
 * An event on its way into the ledger, with its frame as the gateway wrote it.
 *
 * @param lateness how it stands to the time at which it came
 */
@SuppressWarnings("ArrayRecordComponent")
public record LedgerEvent(UsageEvent event, byte[] bytes, int offset, int length, Lateness lateness) {

    /** How an event's time stands to the time at which it reached the ledger. */
    public enum Lateness {
        IN_TIME,
        /** It is counted in the hour it belongs to, and marked. */
        LATE,
        /** Its window is over: it is listed, and neither counted nor billed. */
        PAST_WINDOW
    }
}
