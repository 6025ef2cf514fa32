package dev.gatehouse.gateway.forward;

import io.vertx.core.VertxException;
import java.io.IOException;

/** How a target failed an attempt. A status, whatever it is, is an answer and no fault. */
public enum Fault {
    /** No connection to it was made. Only the target can be at fault. */
    UNREACHABLE,
    /** It closed the connection before it answered. */
    CUT,
    /** It did not answer within the route's time. */
    TIMED_OUT,
    /** It broke its answer off after the head. */
    BROKE_OFF,
    /** It answered something that is not HTTP, or whose framing is in doubt. */
    MALFORMED;

    /** What a failure before the answer's head was, on a connection that had been made. */
    public static Fault ofBroken(Throwable cause) {
        // what is neither a closed connection nor an error of the network came from reading the answer
        return cause instanceof IOException || cause instanceof VertxException ? CUT : MALFORMED;
    }

    /** Whether another attempt may fare better. What answers nonsense once does so again. */
    public boolean isRetryable() {
        return this == UNREACHABLE || this == CUT;
    }
}
