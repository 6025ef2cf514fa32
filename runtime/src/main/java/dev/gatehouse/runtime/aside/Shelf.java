package dev.gatehouse.runtime.aside;

import dev.gatehouse.kernel.aside.SetAside;
import java.util.List;

/** What one consumer has set aside of one feed. Safe for threads. */
public interface Shelf {
    /** The consumer and its feed, as in {@code gateway.directory}. */
    String source();

    /** How many records are set aside now. */
    long size();

    /**
     * The oldest of them.
     *
     * @param limit at most
     */
    List<SetAside> list(int limit);

    /**
     * Tries to use the record again, soon; when it still cannot be used, it stays.
     *
     * @return whether there is such a record
     */
    boolean retry(String record);

    /**
     * Takes the record off the list without using it; what it concerns stays refused until a newer record comes.
     *
     * @return whether there was such a record
     */
    boolean drop(String record, String reason);
}
