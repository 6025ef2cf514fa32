package dev.gatehouse.gateway.forward;

/** What a service sent is no answer to what it was asked, or none that every reader reads the same way. */
public final class BadAnswer extends Exception {
    private static final long serialVersionUID = 1;

    /** @param what in words, as a log line goes on after "it sent" */
    BadAnswer(String what) {
        // the place in the reader tells nothing that the words do not, and a hostile service can cause many
        super(what, null, false, false);
    }
}
