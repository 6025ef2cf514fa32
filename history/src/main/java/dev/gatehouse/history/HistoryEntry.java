package dev.gatehouse.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to a home, in the words of RESO's HistoryTransactional resource.
 *
 * @param sequence of the event that told of it
 * @param part which of the event's entries it is, from 0
 * @param listingKey of the listing that it is about
 * @param changeType as in {@code Price Change}
 * @param fieldName as in {@code ListPrice}
 * @param happenedAt when it happened: a sale's close date and a listing's contract date, at midnight UTC, where the moment is
 *     not known
 * @param recordedAt when it became known
 */
public record HistoryEntry(
        long sequence,
        int part,
        Kind kind,
        String propertyKey,
        @Nullable String listingKey,
        String originatingSystem,
        String changeType,
        String fieldName,
        @Nullable String previousValue,
        @Nullable String newValue,
        Instant happenedAt,
        Instant recordedAt) {

    /** The same for as long as the feed is the same. */
    public String key() {
        return sequence + "-" + part;
    }

    /** Its place in its home's timeline. */
    public Position position() {
        return new Position(happenedAt, sequence, part);
    }

    /** A place in a timeline. */
    public record Position(Instant happenedAt, long sequence, int part) {}

    /** The same, with what was known before. */
    public HistoryEntry withPrevious(@Nullable String value) {
        return new HistoryEntry(
                sequence,
                part,
                kind,
                propertyKey,
                listingKey,
                originatingSystem,
                changeType,
                fieldName,
                value,
                newValue,
                happenedAt,
                recordedAt);
    }
}
