package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.Listings;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.search.FoundPage;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.Position;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads, searches and changes listings in PostgreSQL. */
public final class PostgresListings implements Listings {
    private final Database database;
    private final Outbox outbox;
    private final InstantSource clock;
    private final LongConsumer committed;

    /** @param committed is told the outbox position of each change, once it is committed */
    public PostgresListings(Database database, Outbox outbox, InstantSource clock, LongConsumer committed) {
        this.database = database;
        this.outbox = outbox;
        this.clock = clock;
        this.committed = committed;
    }

    @Override
    public Optional<Listing> find(String listingKey) {
        return database.jdbi().withHandle(handle -> find(handle, listingKey, ""));
    }

    private static Optional<Listing> find(Handle handle, String listingKey, String lock) {
        return handle.createQuery("SELECT " + ListingColumns.ALL + " FROM listing WHERE listing_key = :key" + lock)
                .bind("key", listingKey)
                .map((row, context) -> ListingColumns.read(row))
                .findOne();
    }

    /** One page, after a position or from the beginning. */
    public FoundPage search(ListingQuery query, @Nullable Position after, int limit) {
        SearchSql sql = new SearchSql(query, today());
        if (after != null) {
            sql.after(after);
        }
        List<String> sortValues = new ArrayList<>();
        List<Listing> found = database.jdbi()
                .withHandle(handle -> handle.createQuery(select(sql))
                        .bindMap(sql.bindings())
                        .bind("limit", limit + 1)
                        .map((row, context) -> {
                            sortValues.add(row.getString("sort_value"));
                            return ListingColumns.read(row);
                        })
                        .list());
        if (found.size() <= limit) {
            return new FoundPage(found, null);
        }
        List<Listing> page = found.subList(0, limit);
        return new FoundPage(
                page, new Position(sortValues.get(limit - 1), page.getLast().listingKey()));
    }

    /** How PostgreSQL finds the first page, measured while it does: the lines of {@code EXPLAIN (ANALYZE, BUFFERS)}. */
    public List<String> explain(ListingQuery query, int limit) {
        SearchSql sql = new SearchSql(query, today());
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("EXPLAIN (ANALYZE, BUFFERS) " + select(sql))
                        .bindMap(sql.bindings())
                        .bind("limit", limit + 1)
                        .mapTo(String.class)
                        .list());
    }

    private static String select(SearchSql sql) {
        return "SELECT " + ListingColumns.ALL + ", " + sql.sortValue() + " FROM listing" + sql.where() + sql.orderBy()
                + " LIMIT :limit";
    }

    /** A page by its number, for the older shape. */
    public List<Listing> page(ListingQuery query, int limit, long offset) {
        SearchSql sql = new SearchSql(query, today());
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT " + ListingColumns.ALL + " FROM listing" + sql.where()
                                + sql.orderBy() + " LIMIT :limit OFFSET :offset")
                        .bindMap(sql.bindings())
                        .bind("limit", limit)
                        .bind("offset", offset)
                        .map((row, context) -> ListingColumns.read(row))
                        .list());
    }

    /** How many listings there are on all pages. */
    public long count(ListingQuery query) {
        SearchSql sql = new SearchSql(query, today());
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM listing" + sql.where())
                        .bindMap(sql.bindings())
                        .mapTo(long.class)
                        .one());
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
                return false;
            }
            transaction
                    .createUpdate("UPDATE listing SET list_price = :price, modified_at = :now WHERE listing_key = :key")
                    .bind("price", price)
                    .bind("now", now())
                    .bind("key", listingKey)
                    .execute();
            return true;
        });
    }

    @Override
    public Optional<Listing> changeStatus(String listingKey, StandardStatus status) {
        return change(listingKey, (transaction, before) -> {
            if (before.terms().status() == status) {
                return false;
            }
            transaction
                    .createUpdate("UPDATE listing SET status = :status, modified_at = :now WHERE listing_key = :key")
                    .bind("status", status.text())
                    .bind("now", now())
                    .bind("key", listingKey)
                    .execute();
            return true;
        });
    }

    private interface Change {
        /** @return whether anything was changed */
        boolean apply(Handle transaction, Listing before);
    }

    private Optional<Listing> change(String listingKey, Change change) {
        long[] position = new long[1];
        Optional<Listing> now = database.jdbi().inTransaction(transaction -> {
            Optional<Listing> before = find(transaction, listingKey, " FOR UPDATE");
            if (before.isEmpty() || !change.apply(transaction, before.get())) {
                return before;
            }
            Optional<Listing> after = find(transaction, listingKey, "");
            List<DomainEvent> events = new ListingEvents(clock).changed(before.get(), after.orElseThrow());
            outbox.append(transaction, events);
            position[0] = position(transaction);
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

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
