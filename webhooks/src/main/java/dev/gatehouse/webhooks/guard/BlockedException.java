package dev.gatehouse.webhooks.guard;

/** A destination that no delivery may go to. */
public final class BlockedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param reason to follow on "the URL", as in "must begin with https://" */
    public BlockedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
