package dev.gatehouse.listings;

/** A file or a mapping with which an import cannot go on. The message is for people; what was stored before stays. */
public final class ImportRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ImportRefused(String message) {
        super(message);
    }

    public ImportRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
