package dev.gatehouse.events.store;

import dev.gatehouse.events.EventStore;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The feed in PostgreSQL. */
public final class PostgresEventStore implements EventStore {
    /** Where Flyway finds the schema's migrations. */
    public static final String MIGRATIONS = "classpath:dev/gatehouse/events/store/migration";

    private final Database database;
    private final InstantSource clock;

    public PostgresEventStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Taken take(String service, List<OutboxBatch> batches) {
        return database.<Taken, RuntimeException>asSystem(transaction -> {
            long held = lockSource(transaction, service);
            List<OutboxBatch> fresh =
                    batches.stream().filter(batch -> batch.position() > held).toList();
            for (OutboxBatch batch : batches) {
                if (batch.position() <= held && !isKnown(transaction, batch)) {
                    return new Taken.Foreign(batch.position());
                }
            }
            if (fresh.isEmpty() || fresh.getFirst().position() != held + 1) {
                return new Taken.UpTo(held, 0);
            }
            List<DomainEvent> events =
                    fresh.stream().flatMap(batch -> batch.events().stream()).toList();
            long last = number(transaction, events);
            place(transaction, fresh, last - events.size());
            long position = fresh.getLast().position();
            transaction
                    .createUpdate("UPDATE source SET position = :position WHERE service = :service")
                    .bind("position", position)
                    .bind("service", service)
                    .execute();
            return new Taken.UpTo(position, events.isEmpty() ? 0 : last);
        });
    }

    private static long lockSource(Handle transaction, String service) {
        transaction
                .createUpdate("INSERT INTO source (service, position) VALUES (:service, 0) ON CONFLICT DO NOTHING")
                .bind("service", service)
                .execute();
        return transaction
                .createQuery("SELECT position FROM source WHERE service = :service FOR UPDATE")
                .bind("service", service)
                .mapTo(Long.class)
                .one();
    }

    private static boolean isKnown(Handle transaction, OutboxBatch batch) {
        return batch.events().isEmpty()
                || transaction
                        .createQuery("SELECT EXISTS (SELECT FROM event WHERE id = :id)")
                        .bind("id", batch.events().getFirst().id())
                        .mapTo(Boolean.class)
                        .one();
    }

    private static void place(Handle transaction, List<OutboxBatch> batches, long before) {
        PreparedBatch rows = transaction.prepareBatch(
                "INSERT INTO batch (service, position, sequence) VALUES (:service, :position, :sequence)");
        long sequence = before;
        for (OutboxBatch batch : batches) {
            sequence += batch.events().size();
            rows.bind("service", batch.service())
                    .bind("position", batch.position())
                    .bind("sequence", sequence)
                    .add();
        }
        rows.execute();
    }

    @Override
    public OptionalLong sequenceAt(String service, long position) {
        if (position == 0) {
            return OptionalLong.of(0);
        }
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT sequence FROM batch WHERE service = :service AND position = :position")
                        .bind("service", service)
                        .bind("position", position)
                        .mapTo(Long.class)
                        .findOne())
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    private long number(Handle transaction, List<DomainEvent> events) {
        long last = transaction
                .createQuery("UPDATE place SET sequence = sequence + :count RETURNING sequence")
                .bind("count", events.size())
                .mapTo(Long.class)
                .one();
        Timestamp now = Timestamp.from(clock.instant());
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO event (sequence, id, type, service, subject, occurred_at, tenant_id, data, taken_at)
                VALUES (:sequence, :id, :type, :service, :subject, :occurredAt, :tenant, :data, :now)
                """);
        long sequence = last - events.size();
        for (DomainEvent event : events) {
            sequence++;
            rows.bind("sequence", sequence)
                    .bind("id", event.id())
                    .bind("type", event.type())
                    .bind("service", event.service())
                    .bind("subject", event.subject())
                    .bind("occurredAt", Timestamp.from(event.occurredAt()))
                    .bind("tenant", event.tenant())
                    .bind("data", event.data())
                    .bind("now", now)
                    .add();
        }
        if (!events.isEmpty()) {
            rows.execute();
        }
        return last;
    }

    @Override
    public FeedPage after(long sequence, int limit) {
        return database.<FeedPage, RuntimeException>asSystem(handle -> {
            List<DomainEvent> events = handle.createQuery(
                            "SELECT * FROM event WHERE sequence > :after ORDER BY sequence LIMIT :limit")
                    .bind("after", sequence)
                    .bind("limit", limit)
                    .map((row, context) -> event(row))
                    .list();
            return new FeedPage(
                    events,
                    Math.max(
                            last(handle),
                            events.isEmpty() ? 0 : events.getLast().sequence()));
        });
    }

    @Override
    public FeedPage visible(TenantId tenant, long sequence, Set<String> types, int limit) {
        return database.<FeedPage, RuntimeException>asTenant(tenant, handle -> {
            // read first: what commits in between must not lie behind the cursor that is given out
            long last = last(handle);
            List<DomainEvent> events = handle.createQuery("""
                            SELECT * FROM event
                            WHERE sequence > :after AND sequence <= :last AND (:all OR type = ANY(:types))
                            AND (tenant_id IS NULL OR tenant_id = :tenant)
                            ORDER BY sequence LIMIT :limit
                            """)
                    .bind("after", sequence)
                    .bind("last", last)
                    .bind("all", types.isEmpty())
                    .bindArray("types", String.class, types.toArray())
                    .bind("tenant", tenant.value())
                    .bind("limit", limit)
                    .map((row, context) -> event(row))
                    .list();
            return new FeedPage(events, last);
        });
    }

    private static long last(Handle handle) {
        return handle.createQuery("SELECT sequence FROM place")
                .mapTo(Long.class)
                .one();
    }

    private static DomainEvent event(ResultSet row) throws SQLException {
        Instant occurredAt = row.getTimestamp("occurred_at").toInstant();
        return new DomainEvent(
                row.getLong("sequence"),
                row.getString("id"),
                row.getString("type"),
                row.getString("service"),
                row.getString("subject"),
                occurredAt,
                row.getString("tenant_id"),
                row.getString("data"));
    }
}
