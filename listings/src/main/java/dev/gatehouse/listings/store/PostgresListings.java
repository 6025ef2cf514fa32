package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.Listings;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;

/** Reads and changes listings in PostgreSQL. */
public final class PostgresListings implements Listings {
    private final Database database;
    private final Outbox outbox;
    private final InstantSource clock;
    private final LongConsumer committed;
    private final PostgresSearch search;

    /** @param committed is told the outbox position of each change, once it is committed */
    public PostgresListings(Database database, Outbox outbox, InstantSource clock, LongConsumer committed) {
        this.database = database;
        this.outbox = outbox;
        this.clock = clock;
        this.committed = committed;
        this.search = PostgresSearch.ofMarket(database, clock);
    }

    @Override
    public Optional<Listing> find(String listingKey) {
        return search.find(listingKey);
    }

    /** The outbox position of the last committed change, 0 before the first. */
    public long generation() {
        return database.jdbi().withHandle(PostgresListings::position);
    }

    @Override
    public Optional<Listing> changePrice(String listingKey, BigDecimal price) {
        return change(listingKey, (transaction, before) -> {
            if (before.terms().status() == StandardStatus.CLOSED) {
                throw new ProblemException(
                        ProblemCode.REFUSED, "The listing is closed: what was paid does not change any more.");
            }
            BigDecimal old = before.terms().listPrice();
            if (old != null && old.compareTo(price) == 0) {
                return Optional.empty();
            }
            return Optional.of(transaction
                    .createQuery(update("list_price = :price"))
                    .bind("price", price)
                    .bind("now", now())
                    .bind("key", listingKey)
                    .map((row, context) -> ListingColumns.read(row))
                    .one());
        });
    }

    @Override
    public Optional<Listing> changeStatus(String listingKey, StandardStatus status) {
        return change(listingKey, (transaction, before) -> {
            if (before.terms().status() == status) {
                return Optional.empty();
            }
            return Optional.of(transaction
                    .createQuery(update("status = :status"))
                    .bind("status", status.text())
                    .bind("now", now())
                    .bind("key", listingKey)
                    .map((row, context) -> ListingColumns.read(row))
                    .one());
        });
    }

    private static String update(String what) {
        return "UPDATE listing SET " + what + ", modified_at = :now WHERE listing_key = :key RETURNING "
                + ListingColumns.ALL;
    }

    private interface Change {
        /** @return the listing as it is then; empty when nothing was changed */
        Optional<Listing> apply(Handle transaction, Listing before);
    }

    private Optional<Listing> change(String listingKey, Change change) {
        long[] position = new long[1];
        Optional<Listing> now = database.jdbi().inTransaction(transaction -> {
            Optional<Listing> before = search.find(transaction, listingKey, "FOR UPDATE");
            Optional<Listing> after = before.flatMap(listing -> change.apply(transaction, listing));
            if (after.isEmpty()) {
                return before;
            }
            List<DomainEvent> events = new ListingEvents(clock).changed(before.orElseThrow(), after.get());
            position[0] = outbox.append(transaction, events);
            return after;
        });
        if (position[0] > 0) {
            committed.accept(position[0]);
        }
        return now;
    }

    static long position(Handle handle) {
        return handle.createQuery("SELECT position FROM outbox_position")
                .mapTo(long.class)
                .one();
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant().truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
