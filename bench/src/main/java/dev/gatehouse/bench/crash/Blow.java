package dev.gatehouse.bench.crash;

import java.util.Locale;

/**
 * Something bad that happens during a drill.
 *
 * @param atMillis after the load's beginning
 * @param what happens
 * @param to whom: {@code gateway-0, gateway-1, writer-0, writer-1, redis, postgres}; all connections for a cut
 * @param downMillis until it is started again or goes on
 */
record Blow(long atMillis, What what, String to, long downMillis) {
    enum What {
        /** kill -9. */
        KILL,
        /** SIGSTOP, and SIGCONT after a while. */
        PAUSE,
        /** Every connection to Redis and PostgreSQL is cut. */
        CUT
    }

    @Override
    public String toString() {
        return what.name().toLowerCase(Locale.ROOT) + " " + to + " at " + atMillis + " ms for " + downMillis + " ms";
    }
}
