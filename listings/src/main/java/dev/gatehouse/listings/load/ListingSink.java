package dev.gatehouse.listings.load;

import java.util.List;

/** Takes what an import has read. */
public interface ListingSink {

    /**
     * What became of a batch's rows.
     *
     * @param accepted new or changed
     * @param repeated numbers of rows that say something else than an earlier row with the same key
     */
    record Taken(long accepted, long unchanged, long duplicates, List<Long> repeated) {}

    /**
     * Stores a batch with its events in one transaction.
     *
     * @param run names the import, unlike any other
     */
    Taken take(String run, List<Incoming> batch);

    /** Forgets what only this run needed. */
    void finish(String run);
}
