package dev.gatehouse.kernel.usage;

/** How far an answer got. */
public enum Completion {
    /** The last byte was handed to the client's connection. */
    COMPLETE,
    /** The client went away before the answer's head was sent. */
    CLIENT_GONE_BEFORE_HEAD,
    /** The client went away while the body was on its way. */
    CLIENT_GONE_IN_BODY,
    /** The service broke off while the body was on its way. */
    UPSTREAM_BROKE_OFF,
    /** The gateway died before it knew. */
    UNKNOWN
}
