package dev.gatehouse.events;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service with an outbox, which is also a consumer that writes down what it has seen. */
final class Shop implements AutoCloseable {
    final Database database;
    final Outbox outbox;

    Shop(String url, String schema) throws SQLException {
        database = Database.open(DatabaseUrl.parse(url), schema, "classpath:dev/gatehouse/events/shop", 4);
        outbox = new Outbox(schema);
    }

    static DomainEvent event(String subject) {
        return event(subject, null);
    }

    static DomainEvent event(String subject, @Nullable String tenant) {
        return new DomainEvent(
                0,
                PrefixedId.next("evt", InstantSource.system()),
                DomainEvent.LISTING_PRICE_CHANGED,
                "shop",
                subject,
                Instant.parse("2026-03-01T10:00:00Z"),
                tenant,
                "{\"ListingKey\":\"" + subject + "\",\"ListPrice\":250000.50}");
    }

    void write(DomainEvent... events) {
        database.jdbi().useTransaction(transaction -> outbox.append(transaction, List.of(events)));
    }

    long waiting() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM outbox")
                        .mapTo(Long.class)
                        .one());
    }

    List<Long> seen() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT sequence FROM seen ORDER BY sequence")
                        .mapTo(Long.class)
                        .list());
    }

    List<String> seenIds() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id FROM seen ORDER BY sequence")
                        .mapTo(String.class)
                        .list());
    }

    @Override
    public void close() {
        database.close();
    }
}
