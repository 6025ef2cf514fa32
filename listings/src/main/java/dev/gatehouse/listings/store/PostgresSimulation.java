package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.Terms;
import dev.gatehouse.listings.simulator.Arrivals;
import dev.gatehouse.listings.simulator.Life;
import dev.gatehouse.listings.simulator.MarketSimulator;
import dev.gatehouse.listings.simulator.Simulation;
import dev.gatehouse.listings.simulator.Step;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The simulated market in PostgreSQL. Arrivals and steps are done in the order of their moments whatever the rhythm in
 * which it is asked to go on, so that the same seed, opening and homes always make the same market.
 */
public final class PostgresSimulation implements Simulation {
    private static final int AT_ONCE = 500;

    private final Database database;
    private final Outbox outbox;
    private final LongConsumer committed;
    private final MarketSimulator.Options options;
    private final String homesOf;
    private @Nullable List<Home> homes;

    /**
     * @param committed is told the outbox position of each change, once it is committed
     * @param homesOf the source whose homes come on the market
     */
    public PostgresSimulation(
            Database database, Outbox outbox, LongConsumer committed, MarketSimulator.Options options, String homesOf) {
        this.database = database;
        this.outbox = outbox;
        this.committed = committed;
        this.options = options;
        this.homesOf = homesOf;
    }

    /** @param sale the listing of its last sale */
    private record Home(String propertyKey, String sale, BigDecimal lastPrice) {}

    private record Market(long seed, Instant began, long arrivals) {}

    /** A listing on its way through its life, as far as a batch has brought it. */
    private static final class Living {
        final long number;
        final List<Step> steps;
        int done;
        Listing listing;

        Living(long number, List<Step> steps, int done, Listing listing) {
            this.number = number;
            this.steps = steps;
            this.done = done;
            this.listing = listing;
        }

        @Nullable
        Instant next() {
            return done < steps.size() ? steps.get(done).at() : null;
        }
    }

    private record Due(Instant at, long number) {
        static final Comparator<Due> IN_ORDER = Comparator.comparing(Due::at).thenComparing(Due::number);
    }

    @Override
    public boolean advance(Instant now) {
        List<Home> all = homes();
        if (all.isEmpty()) {
            return false;
        }
        long[] position = new long[1];
        boolean more = database.jdbi().inTransaction(transaction -> {
            Market market = market(transaction, now);
            Batch batch = new Batch(transaction, market, all, now.truncatedTo(ChronoUnit.MICROS));
            boolean left = batch.run();
            if (!batch.events.isEmpty()) {
                batch.write();
                position[0] = outbox.append(transaction, batch.events);
            }
            return left;
        });
        if (position[0] > 0) {
            committed.accept(position[0]);
        }
        return more;
    }

    private List<Home> homes() {
        List<Home> known = homes;
        if (known == null || known.isEmpty()) {
            known = database.jdbi()
                    .withHandle(handle -> handle.createQuery("""
                            SELECT DISTINCT ON (property_key) property_key, listing_key, close_price FROM listing
                            WHERE originating_system = :source AND status = 'Closed' AND close_price >= 20000
                            ORDER BY property_key, close_date DESC, listing_key
                            """)
                            .bind("source", homesOf)
                            .map((row, context) -> new Home(
                                    row.getString("property_key"),
                                    row.getString("listing_key"),
                                    row.getBigDecimal("close_price")))
                            .list());
            homes = known;
        }
        return known;
    }

    private Market market(Handle transaction, Instant now) {
        Optional<Market> open = open(transaction);
        if (open.isEmpty()) {
            transaction
                    .createUpdate("INSERT INTO simulation (seed, began_at, arrivals) VALUES (:seed, :began, 0)"
                            + " ON CONFLICT DO NOTHING")
                    .bind("seed", options.seed())
                    .bind(
                            "began",
                            utc(now.minus(MarketSimulator.Options.HEAD_START).truncatedTo(ChronoUnit.DAYS)))
                    .execute();
        }
        return open.orElseGet(() -> open(transaction).orElseThrow());
    }

    private static Optional<Market> open(Handle transaction) {
        return transaction
                .createQuery("SELECT seed, began_at, arrivals FROM simulation FOR UPDATE")
                .map((row, context) -> new Market(
                        row.getLong("seed"),
                        row.getObject("began_at", OffsetDateTime.class).toInstant(),
                        row.getLong("arrivals")))
                .findOne();
    }

    /** What one transaction does. */
    private final class Batch {
        private final Handle transaction;
        private final Market market;
        private final List<Home> all;
        private final Instant now;
        private final Arrivals arrivals;
        private final Map<Long, Living> living = new HashMap<>();
        private final Map<Long, Home> arrived = new HashMap<>();
        private final PriorityQueue<Due> due = new PriorityQueue<>(Due.IN_ORDER);
        private final List<DomainEvent> events = new ArrayList<>();
        private long nextArrival;

        Batch(Handle transaction, Market market, List<Home> all, Instant now) {
            this.transaction = transaction;
            this.market = market;
            this.all = all;
            this.now = now;
            this.arrivals = new Arrivals(market.seed(), market.began(), options.arrivalsPerDay());
            this.nextArrival = market.arrivals();
        }

        /** @return whether something due may be left */
        boolean run() {
            Instant until = load();
            int done = 0;
            while (done < AT_ONCE) {
                Due step = due.peek();
                Instant arrival = arrivals.at(nextArrival);
                boolean isArrival = step == null || arrival.isBefore(step.at());
                Instant at = isArrival ? arrival : step.at();
                if (at.isAfter(until)) {
                    return until.isBefore(now);
                }
                if (isArrival) {
                    arrive(arrival);
                } else {
                    due.remove();
                    step(Objects.requireNonNull(living.get(step.number())));
                }
                done++;
            }
            return true;
        }

        /** The steps that come first; up to the moment that is returned none is left out. */
        private Instant load() {
            List<Living> loaded = transaction
                    .createQuery("SELECT " + ListingColumns.ALL + """
                            , s.last_sale_price, s.arrived_at, s.steps_done, s.next_at
                            FROM simulated_listing s JOIN listing USING (listing_key, property_key)
                            WHERE s.next_at <= :now ORDER BY s.next_at, s.listing_key LIMIT :limit
                            """)
                    .bind("now", utc(now))
                    .bind("limit", AT_ONCE)
                    .map((row, context) -> {
                        Listing listing = ListingColumns.read(row);
                        long number = Long.parseLong(listing.listingKey().substring("sim-".length()));
                        List<Step> steps = Life.of(
                                market.seed(),
                                number,
                                row.getObject("arrived_at", OffsetDateTime.class)
                                        .toInstant(),
                                row.getBigDecimal("last_sale_price"));
                        return new Living(number, steps, row.getInt("steps_done"), listing);
                    })
                    .list();
            loaded.forEach(this::await);
            Instant last = loaded.size() < AT_ONCE ? null : loaded.getLast().next();
            return last == null ? now : last;
        }

        private void await(Living one) {
            living.put(one.number, one);
            Instant next = one.next();
            if (next != null) {
                due.add(new Due(next, one.number));
            }
        }

        private void arrive(Instant at) {
            long number = nextArrival++;
            Home home = free(arrivals.home(number, all.size()));
            if (home == null) {
                return;
            }
            List<Step> steps = Life.of(market.seed(), number, at, home.lastPrice());
            Step first = steps.getFirst();
            StandardStatus status = first instanceof Step.Moved moved ? moved.status() : StandardStatus.ACTIVE;
            Listing sale = find(home.sale());
            if (sale == null) {
                return;
            }
            Listing listing = new Listing(
                    Arrivals.listingKey(number),
                    home.propertyKey(),
                    ListingState.SIMULATOR,
                    new Terms(
                            status,
                            Life.listPrice(home.lastPrice()),
                            null,
                            LocalDate.ofInstant(at, ZoneOffset.UTC),
                            null,
                            Life.PRICE_FACTOR),
                    sale.place(),
                    sale.facts(),
                    now,
                    now);
            arrived.put(number, home);
            await(new Living(number, steps, 1, listing));
            events.add(new ListingEvents(InstantSource.fixed(at)).created(listing));
        }

        /** The first home from an index on whose last simulated listing has lived; null when all around are taken. */
        private @Nullable Home free(int index) {
            for (int i = 0; i < 50; i++) {
                Home home = all.get((index + i) % all.size());
                if (!isOnMarket(home)) {
                    return home;
                }
            }
            return null;
        }

        private boolean isOnMarket(Home home) {
            List<Living> here = living.values().stream()
                    .filter(one -> one.listing.propertyKey().equals(home.propertyKey()))
                    .toList();
            if (!here.isEmpty()) {
                return here.stream().anyMatch(one -> one.next() != null);
            }
            return transaction
                    .createQuery("SELECT EXISTS (SELECT FROM simulated_listing"
                            + " WHERE property_key = :property AND next_at IS NOT NULL)")
                    .bind("property", home.propertyKey())
                    .mapTo(Boolean.class)
                    .one();
        }

        private @Nullable Listing find(String listingKey) {
            return transaction
                    .createQuery("SELECT " + ListingColumns.ALL + " FROM listing WHERE listing_key = :key")
                    .bind("key", listingKey)
                    .map((row, context) -> ListingColumns.read(row))
                    .findOne()
                    .orElse(null);
        }

        private void step(Living one) {
            Step step = one.steps.get(one.done);
            Listing before = one.listing;
            Listing after = new Listing(
                    before.listingKey(),
                    before.propertyKey(),
                    before.originatingSystem(),
                    after(before.terms(), step),
                    before.place(),
                    before.facts(),
                    before.enteredAt(),
                    now);
            one.listing = after;
            one.done++;
            await(one);
            events.addAll(new ListingEvents(InstantSource.fixed(step.at())).changed(before, after));
        }

        private static Terms after(Terms terms, Step step) {
            return switch (step) {
                case Step.Moved(Instant at, StandardStatus status) ->
                    new Terms(
                            status, terms.listPrice(), null, terms.contractDate(), null, terms.simulatedPriceFactor());
                case Step.Repriced(Instant at, BigDecimal price) ->
                    new Terms(terms.status(), price, null, terms.contractDate(), null, terms.simulatedPriceFactor());
                case Step.Sold(Instant at, BigDecimal price) ->
                    new Terms(
                            StandardStatus.CLOSED,
                            terms.listPrice(),
                            price,
                            terms.contractDate(),
                            LocalDate.ofInstant(at, ZoneOffset.UTC),
                            terms.simulatedPriceFactor());
            };
        }

        void write() {
            insert();
            update();
            transaction
                    .createUpdate("UPDATE simulation SET arrivals = :arrivals")
                    .bind("arrivals", nextArrival)
                    .execute();
        }

        private void insert() {
            if (arrived.isEmpty()) {
                return;
            }
            PreparedBatch listings = transaction.prepareBatch("""
                    INSERT INTO listing (listing_key, property_key, originating_system, status, property_type,
                        property_sub_type, list_price, listing_contract_date, address, unit, city, postal_code, county,
                        state, location, bedrooms, bathrooms_full, bathrooms_half, living_area, lot_size, year_built,
                        stories, assessed_value, source_digest, simulated_price_factor, entered_at, modified_at)
                    SELECT :key, property_key, :source, :status, property_type, property_sub_type, :price, :date, address,
                        unit, city, postal_code, county, state, location, bedrooms, bathrooms_full, bathrooms_half,
                        living_area, lot_size, year_built, stories, assessed_value, gen_random_uuid(), :factor, :now, :now
                    FROM listing WHERE listing_key = :sale
                    """);
            PreparedBatch lives = transaction.prepareBatch("""
                    INSERT INTO simulated_listing (listing_key, property_key, last_sale_price, arrived_at, steps_done)
                    VALUES (:key, :property, :price, :at, 1)
                    """);
            arrived.forEach((number, home) -> {
                Living one = Objects.requireNonNull(living.get(number));
                Terms terms = one.listing.terms();
                listings.bind("key", one.listing.listingKey())
                        .bind("source", ListingState.SIMULATOR)
                        .bind("status", terms.status().text())
                        .bind("price", terms.listPrice())
                        .bind("date", terms.contractDate())
                        .bind("factor", terms.simulatedPriceFactor())
                        .bind("now", utc(now))
                        .bind("sale", home.sale())
                        .add();
                lives.bind("key", one.listing.listingKey())
                        .bind("property", home.propertyKey())
                        .bind("price", home.lastPrice())
                        .bind("at", utc(one.steps.getFirst().at()))
                        .add();
            });
            listings.execute();
            lives.execute();
        }

        private void update() {
            PreparedBatch listings = transaction.prepareBatch("""
                    UPDATE listing SET status = :status, list_price = :price, close_price = :paid, close_date = :closed,
                        modified_at = :now WHERE listing_key = :key
                    """);
            PreparedBatch lives = transaction.prepareBatch(
                    "UPDATE simulated_listing SET steps_done = :done, next_at = :next WHERE listing_key = :key");
            for (Living one : living.values()) {
                Terms terms = one.listing.terms();
                Instant next = one.next();
                if (one.listing.modifiedAt().equals(now)) {
                    listings.bind("status", terms.status().text())
                            .bind("price", terms.listPrice())
                            .bind("paid", terms.closePrice())
                            .bind("closed", terms.closeDate())
                            .bind("now", utc(now))
                            .bind("key", one.listing.listingKey())
                            .add();
                }
                lives.bind("done", one.done)
                        .bind("next", next == null ? null : utc(next))
                        .bind("key", one.listing.listingKey())
                        .add();
            }
            listings.execute();
            lives.execute();
        }
    }

    private static OffsetDateTime utc(Instant at) {
        return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
    }
}
