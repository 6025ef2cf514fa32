package dev.gatehouse.gateway.forward;

import io.vertx.core.MultiMap;

/**
 * The head of a service's final answer.
 *
 * @param length what Content-Length says; below zero when there is none. Of an answer to HEAD, and of a 304, it tells only how
 *     long the body would have been
 * @param body how the end of its body is told
 */
public record AnswerHead(int status, MultiMap headers, long length, Body body) {
    /** How the end of a body is told. */
    public enum Body {
        /** There is none: the question was HEAD, or the status has none. */
        NONE,
        /** By {@link AnswerHead#length}. */
        LENGTH,
        /** By the last chunk. */
        CHUNKED,
        /** By the end of the connection. */
        UNTIL_CLOSE
    }

    /** Octets of the body; below zero when that is known only at its end. */
    public long bodyLength() {
        return switch (body) {
            case NONE -> 0;
            case LENGTH -> length;
            case CHUNKED, UNTIL_CLOSE -> -1;
        };
    }
}
