package dev.gatehouse.runtime.http;

/** What stands in front of everything that a server has, what it lacks included. */
@FunctionalInterface
public interface Door {
    /** A door that is open to all. */
    Door OPEN = head -> {};

    /**
     * @param head of a request, before its query is read; its body is empty
     * @throws dev.gatehouse.kernel.problem.ProblemException when the request may not come in; nothing else of it is looked
     *     at then
     */
    void pass(Request head);

    /** What a refused client is asked for, as {@code WWW-Authenticate} puts it (RFC 9110, section 11.6.1). */
    default String challenge() {
        return "Bearer";
    }
}
