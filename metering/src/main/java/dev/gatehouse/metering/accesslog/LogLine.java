package dev.gatehouse.metering.accesslog;

import java.time.Instant;

/** What a line of an access log says. */
public sealed interface LogLine {
    /**
     * A call.
     *
     * @param caller what tells the tenant: a user, a key, a part of the path
     */
    record Call(String caller, Instant at, int status) implements LogLine {}

    /** A line that cannot be counted, and why. */
    record Broken(String reason) implements LogLine {}
}
