package dev.gatehouse.listings.store;

import dev.gatehouse.listings.Listing;
import dev.gatehouse.runtime.feed.SnapshotLines;
import dev.gatehouse.runtime.sql.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * All homes and listings as of one outbox position: position and rows are read in one repeatable-read transaction, and a
 * change takes its position in the transaction that makes it.
 */
public final class PostgresSnapshot {
    private static final int FETCHED = 1_000;

    private final Database database;

    public PostgresSnapshot(Database database) {
        this.database = database;
    }

    /** Writes the snapshot; removed listings are left out, and so are homes that have no other. */
    public void writeTo(OutputStream out) throws IOException {
        try {
            database.jdbi().useTransaction(TransactionIsolationLevel.REPEATABLE_READ, transaction -> {
                SnapshotLines.Writer lines =
                        new SnapshotLines.Writer(out, ListingEvents.SERVICE, PostgresListings.position(transaction));
                String[] property = {""};
                transaction
                        .createQuery("SELECT " + ListingColumns.ALL + """
                                , first_seen FROM listing JOIN property USING (property_key)
                                WHERE status <> 'Delete' ORDER BY property_key, entered_at, listing_key
                                """)
                        .setFetchSize(FETCHED)
                        .map((row, context) -> {
                            Listing listing = ListingColumns.read(row);
                            try {
                                if (!listing.propertyKey().equals(property[0])) {
                                    property[0] = listing.propertyKey();
                                    lines.add(ListingEvents.propertyAsOf(
                                            listing,
                                            row.getObject("first_seen", OffsetDateTime.class)
                                                    .toInstant()));
                                }
                                lines.add(ListingEvents.listingAsOf(listing));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                            return 1;
                        })
                        .forEach(row -> {});
                lines.end();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
