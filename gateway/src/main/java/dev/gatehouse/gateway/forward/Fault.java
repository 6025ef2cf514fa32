package dev.gatehouse.gateway.forward;

/** How a target failed an attempt. A status, whatever it is, is an answer and no fault. */
public enum Fault {
    /** No connection to it was made. Only the target can be at fault. */
    UNREACHABLE,
    /** It closed the connection before an octet of its answer had come. */
    CUT,
    /** It did not answer within the route's time. */
    TIMED_OUT,
    /** It broke its answer off. */
    BROKE_OFF,
    /** It answered something that is not HTTP, or whose framing is in doubt. */
    MALFORMED;

    /** Whether another attempt may fare better. What answers nonsense once does so again. */
    public boolean isRetryable() {
        return this == UNREACHABLE || this == CUT;
    }
}
