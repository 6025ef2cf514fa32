package dev.gatehouse.kernel.usage;

/** Bytes that were to be a usage event, a tally or a batch of them, and are not; the message says why. */
public final class MalformedUsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedUsageException(String message) {
        super(message);
    }
}
