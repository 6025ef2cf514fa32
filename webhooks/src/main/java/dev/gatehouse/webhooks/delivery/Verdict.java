package dev.gatehouse.webhooks.delivery;

import java.time.Instant;

/** What becomes of a delivery after an attempt. */
public sealed interface Verdict {
    record Delivered() implements Verdict {}

    /** The attempt counts; the next is due then. */
    record Retry(Instant dueAt) implements Verdict {}

    /** The receiver is down: the attempt does not count, and the delivery waits for it to come back. */
    record Parked() implements Verdict {}

    /** It could not be tried, for a reason on this side: nothing counts, and it is due again then. */
    record Postponed(Instant dueAt) implements Verdict {}

    /** Given up. */
    record Dead(String reason) implements Verdict {}
}
