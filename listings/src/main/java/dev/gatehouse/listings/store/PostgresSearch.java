package dev.gatehouse.listings.store;

import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.search.Condition;
import dev.gatehouse.listings.search.FoundPage;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.Position;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/** Finds listings in PostgreSQL: the market's or, by the same statements, the sandbox's. */
public final class PostgresSearch {
    /**
     * An area with so many listings is searched along the page's order. Of a million homes about as many rows are then looked
     * at for a page of 50 as by fetching the area: 50 × 1,000,000 / 7,000.
     */
    private static final int CROWD = 7_000;

    /**
     * So few listings are fetched and ordered sooner than a page of them is come across along the keys, as {@link #CROWD}; of a
     * range that an index answers alone three times as many, since an entry of it costs a fifth of a row.
     */
    private static final Few FEW = new Few(CROWD, 3 * CROWD);

    /** @param covered of a range that an index answers alone */
    record Few(int fetched, int covered) {}

    /** How many homes a filter leaves is in its values: each search is planned for its own. */
    private static final StatementCustomizer PLANNED_EACH_TIME = new StatementCustomizer() {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
    };

    private final Database database;
    private final InstantSource clock;
    private final String table;
    private final Few few;

    private PostgresSearch(Database database, InstantSource clock, String table, Few few) {
        this.database = database;
        this.clock = clock;
        this.table = table;
        this.few = few;
    }

    /** What live keys find. */
    public static PostgresSearch ofMarket(Database database, InstantSource clock) {
        return ofMarket(database, clock, FEW);
    }

    static PostgresSearch ofMarket(Database database, InstantSource clock, Few few) {
        return new PostgresSearch(database, clock, "listing", few);
    }

    /** What test-mode keys find. */
    public static PostgresSearch ofSandbox(Database database, InstantSource clock) {
        return new PostgresSearch(database, clock, SandboxTable.NAME, FEW);
    }

    public Optional<Listing> find(String listingKey) {
        return database.jdbi().withHandle(handle -> find(handle, listingKey, ""));
    }

    /** @param lock what follows the statement, as in {@code FOR UPDATE} */
    Optional<Listing> find(Handle handle, String listingKey, String lock) {
        return handle.createQuery(
                        "SELECT " + ListingColumns.ALL + " FROM " + table + " WHERE listing_key = :key " + lock)
                .define(Database.PREPARED, true)
                .bind("key", listingKey)
                .map((row, context) -> ListingColumns.read(row))
                .findOne();
    }

    /** One page, after a position or from the beginning. */
    public FoundPage search(ListingQuery query, @Nullable Position after, int limit) {
        SearchSql sql = sql(query);
        if (after != null) {
            sql.after(after);
        }
        List<String> sortValues = new ArrayList<>();
        List<Listing> found = database.jdbi()
                .withHandle(handle -> handle.createQuery(select(sql))
                        .bindMap(sql.bindings())
                        .addCustomizer(PLANNED_EACH_TIME)
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
        SearchSql sql = sql(query);
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("EXPLAIN (ANALYZE, BUFFERS) " + select(sql))
                        .bindMap(sql.bindings())
                        .addCustomizer(PLANNED_EACH_TIME)
                        .bind("limit", limit + 1)
                        .mapTo(String.class)
                        .list());
    }

    private SearchSql sql(ListingQuery query) {
        return new SearchSql(query, today(), SearchArea.of(query).map(this::way).orElse(SearchSql.Way.BY_PLACE));
    }

    private SearchSql.Way way(Condition.InBox area) {
        int held = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM (SELECT FROM " + table
                                + " WHERE location <@ box(point(:west, :south), point(:east, :north)) LIMIT :crowd)"
                                + " AS held")
                        .bind("west", area.west())
                        .bind("south", area.south())
                        .bind("east", area.east())
                        .bind("north", area.north())
                        .bind("crowd", CROWD)
                        .mapTo(int.class)
                        .one());
        return held == CROWD ? SearchSql.Way.BY_ORDER : SearchSql.Way.BY_PLACE;
    }

    private String select(SearchSql sql) {
        return "SELECT " + ListingColumns.ALL + ", " + sql.sortValue() + " FROM " + table
                + (takesKeysFirst(sql) ? sql.keysFirst(table) : sql.where() + sql.orderBy()) + " LIMIT :limit";
    }

    private boolean takesKeysFirst(SearchSql sql) {
        return sql.mayTakeKeysFirst() && expected(sql) < (sql.isCovered() ? few.covered : few.fetched);
    }

    /** How many listings there are at most in an area that is fetched; of others, how many the planner expects. */
    private long expected(SearchSql sql) {
        if (sql.isOfArea()) {
            return CROWD;
        }
        String plan = database.jdbi()
                .withHandle(handle -> handle.createQuery("EXPLAIN (FORMAT JSON) SELECT FROM " + table + sql.where())
                        .bindMap(sql.bindings())
                        .addCustomizer(PLANNED_EACH_TIME)
                        .mapTo(String.class)
                        .one());
        return Json.tree(plan).at("/0/Plan/Plan Rows").asLong();
    }

    /** A page by its number, for the older shape. */
    public List<Listing> page(ListingQuery query, int limit, long offset) {
        SearchSql sql = sql(query);
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT " + ListingColumns.ALL + " FROM " + table + sql.where()
                                + sql.orderBy() + " LIMIT :limit OFFSET :offset")
                        .bindMap(sql.bindings())
                        .addCustomizer(PLANNED_EACH_TIME)
                        .bind("limit", limit)
                        .bind("offset", offset)
                        .map((row, context) -> ListingColumns.read(row))
                        .list());
    }

    /** How many listings there are on all pages. */
    public long count(ListingQuery query) {
        SearchSql sql = new SearchSql(query, today(), SearchSql.Way.BY_PLACE);
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + table + sql.where())
                        .bindMap(sql.bindings())
                        .addCustomizer(PLANNED_EACH_TIME)
                        .mapTo(long.class)
                        .one());
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
