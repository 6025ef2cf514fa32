package dev.gatehouse.engines;

/** An embedded engine could not be started or stopped; the message says what to do about it. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
