package dev.gatehouse.webhooks.guard;

/** A name could not be looked up, for a reason on this side: its owner's server may be as well as ever. */
public final class LookupFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message what happened, as a sentence for a delivery's log without its full stop */
    public LookupFailedException(String message) {
        super(message);
    }
}
