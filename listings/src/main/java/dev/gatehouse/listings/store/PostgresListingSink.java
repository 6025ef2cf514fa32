package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.load.Incoming;
import dev.gatehouse.listings.load.ListingSink;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.postgresql.PGConnection;

/**
 * Stores imported rows by sets: COPY into a table of the transaction's own, then one statement per question. A row that
 * says what it said at the last import changes nothing, also when the listing was changed here since.
 */
public final class PostgresListingSink implements ListingSink {
    private static final Duration LONGEST_RUN = Duration.ofDays(7);

    private final Database database;
    private final Outbox outbox;
    private final InstantSource clock;
    private final LongConsumer committed;

    /** @param committed is told the outbox position of each batch, once it is committed */
    public PostgresListingSink(Database database, Outbox outbox, InstantSource clock, LongConsumer committed) {
        this.database = database;
        this.outbox = outbox;
        this.clock = clock;
        this.committed = committed;
    }

    @Override
    public Taken take(String run, List<Incoming> batch) {
        long[] position = new long[1];
        Taken taken = database.jdbi().inTransaction(transaction -> {
            stage(transaction, batch);
            List<Long> repeated = new ArrayList<>();
            long duplicates = keepFirsts(transaction, run, repeated);
            List<String> changedKeys = changed(transaction);
            Map<String, Listing> before = existing(transaction, changedKeys);
            List<DomainEvent> events = new ArrayList<>();
            ListingEvents words = new ListingEvents(clock);
            Set<String> newProperties = insertProperties(transaction);
            List<Listing> written = upsert(transaction);
            for (Listing listing : written) {
                if (newProperties.remove(listing.propertyKey())) {
                    events.add(words.propertyCreated(listing));
                }
                Listing old = before.get(listing.listingKey());
                if (old == null) {
                    events.add(words.created(listing));
                } else {
                    events.addAll(words.changed(old, listing));
                }
            }
            position[0] = outbox.append(transaction, events);
            long unchanged = batch.size() - duplicates - repeated.size() - written.size();
            return new Taken(written.size(), unchanged, duplicates, repeated);
        });
        if (position[0] > 0) {
            committed.accept(position[0]);
        }
        return taken;
    }

    private static void stage(Handle transaction, List<Incoming> batch) {
        transaction.execute("""
                CREATE TEMP TABLE IF NOT EXISTS incoming (
                    row_number bigint, listing_key text, property_key text, originating_system text, status text,
                    property_type text, property_sub_type text, list_price numeric, close_price numeric,
                    listing_contract_date date, close_date date, address text, unit text, city text, postal_code text,
                    county text, state text, location point, bedrooms integer, bathrooms_full integer,
                    bathrooms_half integer, living_area numeric, lot_size numeric, year_built integer, stories numeric,
                    assessed_value numeric, source_digest uuid
                ) ON COMMIT DELETE ROWS
                """);
        try {
            transaction
                    .getConnection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY pg_temp.incoming (" + CopyText.COLUMNS + ") FROM STDIN",
                            new ByteArrayInputStream(CopyText.of(batch)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("the batch cannot be copied into the database", e);
        }
        transaction.execute("ANALYZE pg_temp.incoming");
    }

    /**
     * Leaves the first row of each key of the whole run.
     *
     * @return how many of the others say the same as the first
     */
    private static long keepFirsts(Handle transaction, String run, List<Long> repeated) {
        transaction.createUpdate("""
                        INSERT INTO import_seen (run, listing_key, row_number, source_digest)
                        SELECT DISTINCT ON (listing_key) :run, listing_key, row_number, source_digest
                        FROM pg_temp.incoming ORDER BY listing_key, row_number
                        ON CONFLICT DO NOTHING
                        """).bind("run", run).execute();
        long[] duplicates = new long[1];
        transaction
                .createQuery("""
                        DELETE FROM pg_temp.incoming i USING import_seen s
                        WHERE s.run = :run AND s.listing_key = i.listing_key AND s.row_number <> i.row_number
                        RETURNING i.row_number, s.source_digest = i.source_digest AS same
                        """)
                .bind("run", run)
                .map((row, context) -> row.getBoolean("same") ? -1L : row.getLong("row_number"))
                .forEach(number -> {
                    if (number < 0) {
                        duplicates[0]++;
                    } else {
                        repeated.add(number);
                    }
                });
        return duplicates[0];
    }

    private static List<String> changed(Handle transaction) {
        return transaction.createQuery("""
                        SELECT l.listing_key FROM listing l JOIN pg_temp.incoming i USING (listing_key)
                        WHERE l.source_digest <> i.source_digest ORDER BY l.listing_key FOR UPDATE OF l
                        """).mapTo(String.class).list();
    }

    private static Map<String, Listing> existing(Handle transaction, List<String> keys) {
        Map<String, Listing> found = new HashMap<>();
        if (!keys.isEmpty()) {
            transaction
                    .createQuery("SELECT " + ListingColumns.ALL + " FROM listing WHERE listing_key = ANY(:keys)")
                    .bindArray("keys", String.class, keys)
                    .map((row, context) -> ListingColumns.read(row))
                    .forEach(listing -> found.put(listing.listingKey(), listing));
        }
        return found;
    }

    private Set<String> insertProperties(Handle transaction) {
        return new HashSet<>(transaction
                .createQuery("""
                        INSERT INTO property (property_key, first_seen)
                        SELECT DISTINCT property_key, CAST(:now AS timestamptz) FROM pg_temp.incoming ORDER BY property_key
                        ON CONFLICT DO NOTHING RETURNING property_key
                        """)
                .bind("now", now())
                .mapTo(String.class)
                .list());
    }

    private List<Listing> upsert(Handle transaction) {
        return transaction
                .createQuery("""
                        INSERT INTO listing (listing_key, property_key, originating_system, status, property_type,
                            property_sub_type, list_price, close_price, listing_contract_date, close_date, address, unit,
                            city, postal_code, county, state, location, bedrooms, bathrooms_full, bathrooms_half,
                            living_area, lot_size, year_built, stories, assessed_value, source_digest, entered_at,
                            modified_at)
                        SELECT listing_key, property_key, originating_system, status, property_type,
                            property_sub_type, list_price, close_price, listing_contract_date, close_date, address, unit,
                            city, postal_code, county, state, location, bedrooms, bathrooms_full, bathrooms_half,
                            living_area, lot_size, year_built, stories, assessed_value, source_digest,
                            CAST(:now AS timestamptz), CAST(:now AS timestamptz)
                        FROM pg_temp.incoming ORDER BY row_number
                        ON CONFLICT (listing_key) DO UPDATE SET property_key = excluded.property_key,
                            originating_system = excluded.originating_system, status = excluded.status,
                            property_type = excluded.property_type, property_sub_type = excluded.property_sub_type,
                            list_price = excluded.list_price, close_price = excluded.close_price,
                            listing_contract_date = excluded.listing_contract_date, close_date = excluded.close_date,
                            address = excluded.address, unit = excluded.unit, city = excluded.city,
                            postal_code = excluded.postal_code, county = excluded.county, state = excluded.state,
                            location = excluded.location, bedrooms = excluded.bedrooms,
                            bathrooms_full = excluded.bathrooms_full, bathrooms_half = excluded.bathrooms_half,
                            living_area = excluded.living_area, lot_size = excluded.lot_size,
                            year_built = excluded.year_built, stories = excluded.stories,
                            assessed_value = excluded.assessed_value, source_digest = excluded.source_digest,
                            modified_at = excluded.modified_at
                        WHERE listing.source_digest <> excluded.source_digest
                        RETURNING
                        """ + ListingColumns.ALL)
                .bind("now", now())
                .map((row, context) -> ListingColumns.read(row))
                .list();
    }

    @Override
    public void finish(String run) {
        Instant forgotten = clock.instant().minus(LONGEST_RUN);
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("DELETE FROM import_seen WHERE run = :run OR run < :forgotten")
                        .bind("run", run)
                        .bind("forgotten", PrefixedId.of("imp", forgotten.toEpochMilli(), 0, 0))
                        .execute());
    }

    /** Whether a source was imported whole before. */
    public boolean isDone(String source) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) > 0 FROM import_done WHERE source = :source")
                        .bind("source", source)
                        .mapTo(Boolean.class)
                        .one());
    }

    /** Notes that a source was imported whole. */
    public void done(String source) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "INSERT INTO import_done (source, done_at) VALUES (:source, :now) ON CONFLICT DO NOTHING")
                        .bind("source", source)
                        .bind("now", now())
                        .execute());
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant().truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
