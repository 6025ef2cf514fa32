package dev.gatehouse.kernel.directory;

import org.jspecify.annotations.Nullable;

/**
 * An entry that the directory holds and cannot read. What it was about is refused until it can.
 *
 * @param id the key's or tenant's id, or the route's name
 * @param hash of a key, 64 lower-case hexadecimal digits; null when not known, and for other kinds
 * @param reason in words, without the entry's content
 */
public record UnusableEntry(Kind kind, String id, @Nullable String hash, String reason) {
    /** What an entry is about. */
    public enum Kind {
        TENANT,
        KEY,
        ROUTE
    }
}
