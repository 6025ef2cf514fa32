package dev.gatehouse.gateway.edge;

/** What can happen to a call on its way to its service and back. */
enum RelayEvent {
    /** Its turn has come. */
    LET_IN,
    /** It is known whether its request has a body. */
    BODY_KNOWN,
    /** A connection is there, and the head of the request goes out on it. */
    CONNECTED,
    /** The last octet of the request goes out. */
    REQUEST_ENDS,
    /** What was tried has failed, and is tried again: nothing of the body was sent, and nothing of an answer has come. */
    TRIED_AGAIN,
    /** The answer's head has come. */
    ANSWER_BEGINS,
    /** The answer's last octet has come. */
    ANSWER_ENDS,
    /** No target can be asked, or none answers, or one breaks off, takes too long, or sends what is no answer. */
    SERVICE_FAILS,
    /** The client has left, is too slow, or sends other than its head says. */
    CLIENT_FAILS,
    /** A cap of the call's tenant ends it. */
    REFUSED,
    /** Something in the gateway has thrown. */
    THROWN
}
