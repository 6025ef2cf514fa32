package dev.gatehouse.kernel.aside;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that a consumer could not use. The consumer refuses what depends on it, and goes on with the rest.
 *
 * @param source which feed of which consumer, as in {@code gateway.directory}
 * @param record its id there, as in {@code key_01k9…}; at most {@link #LONGEST_RECORD} characters
 * @param reason why it cannot be used, in words, without the record's content; at most {@link #LONGEST_REASON} characters
 * @param firstSeen when it was first set aside
 * @param lastSeen when it was last met
 * @param times how often it was met
 * @param bytes how long it is; 0 when that is not known
 * @param digest the first 16 hexadecimal digits of its SHA-256, by which two are told apart; null when not known
 */
public record SetAside(
        String source,
        String record,
        String reason,
        Instant firstSeen,
        Instant lastSeen,
        long times,
        long bytes,
        @Nullable String digest) {
    public static final int LONGEST_RECORD = 200;
    public static final int LONGEST_REASON = 500;

    public SetAside {
        record = bounded(record, LONGEST_RECORD);
        reason = bounded(reason, LONGEST_REASON);
    }

    private static String bounded(String text, int longest) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
    }
}
