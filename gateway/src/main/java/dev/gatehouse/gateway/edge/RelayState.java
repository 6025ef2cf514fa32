package dev.gatehouse.gateway.edge;

/**
 * Where a call is on its way to its service and back. How it gets from one to the next stands in {@link RelayTransitions} and
 * nowhere else.
 */
enum RelayState {
    /** It waits for its turn, at its tenant or at the pool. */
    TURN,
    /** It is heard whether anything follows its head: from that its framing is made. */
    HEARING,
    /** A connection to the service is taken or opened. */
    CONNECTING,
    /** Its request is on its way, and there is no answer yet. */
    ASKING,
    /** Its request is with the service whole, and there is no answer yet. */
    AWAITING,
    /** The answer has begun before the request was complete: the connection is closed in the end, and not used again. */
    ANSWERED_EARLY,
    /** Its request is with the service whole, and the answer is on its way. */
    ANSWERING,
    /** It is answered, or never will be; it holds no place and no connection. */
    OVER
}
