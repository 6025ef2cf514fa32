package dev.gatehouse.listings;

/** Is told of an import's progress, about every 5,000 rows. */
@FunctionalInterface
public interface ImportProgress {
    ImportProgress SILENT = rows -> {};

    /** @param rows read and stored so far */
    void rows(long rows);
}
