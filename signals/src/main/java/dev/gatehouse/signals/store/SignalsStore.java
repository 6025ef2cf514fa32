package dev.gatehouse.signals.store;

import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedCursor;
import dev.gatehouse.runtime.feed.SnapshotSource;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The service's schema, and what keeps it up: the consumer of the feed, the watch for stale listings, the outbox's relay. */
public final class SignalsStore implements AutoCloseable {
    private static final String MIGRATIONS = "classpath:dev/gatehouse/signals/store/migration";
    private static final int CONNECTIONS = 10;
    private static final Duration VISIBILITY = Duration.ofSeconds(30);

    private final Database database;
    private final Outbox outbox = new Outbox(SignalRows.SERVICE);
    private final FeedToSignals effect;
    private final StaleWatch stale;
    private @Nullable FeedConsumer consumer;
    private @Nullable PastReader past;
    private @Nullable OutboxRelay relay;

    private SignalsStore(Database database, InstantSource clock) {
        this.database = database;
        SignalRows signals = new SignalRows(outbox, clock);
        this.effect = new FeedToSignals(signals);
        this.stale = new StaleWatch(database, signals, clock);
    }

    /** Migrates the schema {@code signals} and opens it. */
    public static SignalsStore open(DatabaseUrl url, InstantSource clock) throws SQLException {
        Database database = database(url, CONNECTIONS);
        database.<Void, RuntimeException>asSystem(transaction -> {
            Filling.keepUp(transaction);
            return null;
        });
        return new SignalsStore(database, clock);
    }

    /** The schema alone, migrated, for whoever does not run the service. */
    public static Database database(DatabaseUrl url, int connections) throws SQLException {
        return Database.open(url, SignalRows.SERVICE, MIGRATIONS, connections);
    }

    /**
     * Begins to follow the feed and to tell of signals; the feed may come up later.
     *
     * @param listings fill a service that is new
     */
    public void follow(Feed feed, Queues queues, SnapshotSource listings) {
        relay = OutboxRelay.start(database, outbox, feed);
        stale.start();
        past = PastReader.start(database, feed, effect);
        consumer = FeedConsumer.startFilled(
                SignalRows.SERVICE,
                feed,
                queues.queue(FeedConsumer.queueName(SignalRows.SERVICE), VISIBILITY),
                new FeedCursor(database, SignalRows.SERVICE),
                effect,
                FeedConsumer.Options.usual(),
                listings);
    }

    public PostgresSignals signals() {
        return new PostgresSignals(database);
    }

    public PostgresMarkets markets() {
        return new PostgresMarkets(database);
    }

    public PostgresExternalMarkets externalMarkets() {
        return new PostgresExternalMarkets(database);
    }

    public PostgresAlerts alerts() {
        return new PostgresAlerts(database);
    }

    /** Raises what is due now, without waiting for the watch. */
    public void raiseStale() {
        stale.look();
    }

    /** The last sequence of the feed that is in the figures. */
    public long position() {
        return new FeedCursor(database, SignalRows.SERVICE).position();
    }

    /** Makes all figures anew from the homes, as after a change of the arithmetic. */
    public void remakeFigures() {
        database.<Void, RuntimeException>asSystem(transaction -> {
            Filling.remake(transaction);
            return null;
        });
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
        if (past != null) {
            past.close();
        }
        stale.close();
        if (relay != null) {
            relay.close();
        }
        database.close();
    }
}
