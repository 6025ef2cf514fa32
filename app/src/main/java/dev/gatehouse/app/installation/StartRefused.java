package dev.gatehouse.app.installation;

/** The installation cannot come up as things are; the message says what is missing and how to mend it. */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartRefused(String message) {
        super(message);
    }

    public StartRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
