package dev.gatehouse.listings.store;

import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.search.FoundPage;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.Position;
import dev.gatehouse.runtime.sql.Database;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Finds listings in PostgreSQL: the market's or, by the same statements, the sandbox's. */
public final class PostgresSearch {
    private final Database database;
    private final InstantSource clock;
    private final String table;

    private PostgresSearch(Database database, InstantSource clock, String table) {
        this.database = database;
        this.clock = clock;
        this.table = table;
    }

    /** What live keys find. */
    public static PostgresSearch ofMarket(Database database, InstantSource clock) {
        return new PostgresSearch(database, clock, "listing");
    }

    /** What test-mode keys find. */
    public static PostgresSearch ofSandbox(Database database, InstantSource clock) {
        return new PostgresSearch(database, clock, SandboxTable.NAME);
    }

    public Optional<Listing> find(String listingKey) {
        return database.jdbi().withHandle(handle -> find(handle, listingKey, ""));
    }

    /** @param lock what follows the statement, as in {@code FOR UPDATE} */
    Optional<Listing> find(Handle handle, String listingKey, String lock) {
        return handle.createQuery(
                        "SELECT " + ListingColumns.ALL + " FROM " + table + " WHERE listing_key = :key " + lock)
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

    private String select(SearchSql sql) {
        return "SELECT " + ListingColumns.ALL + ", " + sql.sortValue() + " FROM " + table + sql.where() + sql.orderBy()
                + " LIMIT :limit";
    }

    /** A page by its number, for the older shape. */
    public List<Listing> page(ListingQuery query, int limit, long offset) {
        SearchSql sql = new SearchSql(query, today());
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT " + ListingColumns.ALL + " FROM " + table + sql.where()
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
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + table + sql.where())
                        .bindMap(sql.bindings())
                        .mapTo(long.class)
                        .one());
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
