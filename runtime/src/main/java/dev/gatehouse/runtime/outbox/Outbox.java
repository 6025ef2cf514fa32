package dev.gatehouse.runtime.outbox;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.feed.EventRules;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.json.JsonPieces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service has to say to others, written in the transaction of the change itself. Each row takes the next number
 * of a counter whose row stays locked until the commit: positions are dense, without gaps, and in commit order, so a
 * reader that has position n can never find a smaller one later. The price is that transactions of one service that
 * write events commit one after another; append last, shortly before the commit.
 *
 * <p>The service's migration creates both tables in its schema:
 *
 * <pre>{@code
 * CREATE TABLE outbox_position (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL);
 * INSERT INTO outbox_position (position) VALUES (0);
 * CREATE TABLE outbox (position bigint PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT now(), events jsonb NOT NULL);
 * }</pre>
 */
public final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final String service;
    private final Semaphore news = new Semaphore(0);

    public Outbox(String service) {
        this.service = service;
    }

    /**
     * Appends as many rows as {@code events} need, {@link OutboxBatch#MAX_EVENTS} to a row, in their order.
     *
     * @return the last row's position; 0 when there was nothing to append
     */
    public long append(Handle transaction, List<DomainEvent> events) {
        long position = 0;
        for (int start = 0; start < events.size(); start += OutboxBatch.MAX_EVENTS) {
            List<DomainEvent> row = events.subList(start, Math.min(events.size(), start + OutboxBatch.MAX_EVENTS));
            position = transaction
                    .createQuery("""
                            WITH taken AS (UPDATE outbox_position SET position = position + 1 RETURNING position)
                            INSERT INTO outbox (position, events) SELECT position, :events::jsonb FROM taken
                            RETURNING position
                            """)
                    .bind("events", Json.text(row))
                    .mapTo(Long.class)
                    .one();
        }
        if (position > 0) {
            transaction.afterCommit(this::wake);
        }
        return position;
    }

    /** Returns as soon as something is committed that this outbox has appended, or after {@code atMost}. */
    void awaitCommit(Duration atMost) throws InterruptedException {
        if (news.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            news.drainPermits();
        }
    }

    void wake() {
        // where no relay listens, as beside an import, news must not add up for ever
        news.drainPermits();
        news.release();
    }

    /**
     * A row of which some events have no place in the feed.
     *
     * @param batch the others
     */
    public record Row(OutboxBatch batch, List<Unusable> unusable) {
        public Row {
            unusable = List.copyOf(unusable);
        }
    }

    /**
     * An event that cannot be handed over.
     *
     * @param record under what name it is set aside
     * @param content its JSON
     */
    public record Unusable(String record, String reason, String content) {}

    /** At most {@code limit} rows after a position, in order. */
    public List<Row> after(Handle handle, long position, int limit) {
        return handle.createQuery(
                        "SELECT position, events FROM outbox WHERE position > :after ORDER BY position LIMIT :limit")
                .bind("after", position)
                .bind("limit", limit)
                .map((row, context) -> row(row.getLong("position"), row.getString("events")))
                .list();
    }

    private Row row(long position, String json) {
        List<DomainEvent> events;
        try {
            events = Arrays.asList(Json.read(json, DomainEvent[].class));
            if (events.stream().allMatch(event -> EventRules.fault(event).isEmpty())) {
                return new Row(new OutboxBatch(service, position, events), List.of());
            }
        } catch (UncheckedIOException | NullPointerException e) {
            LOG.debug("position {} of the outbox of {} has an event that cannot be read", position, service, e);
        }
        return inPieces(position, json);
    }

    private Row inPieces(long position, String json) {
        List<DomainEvent> events = new ArrayList<>();
        List<Unusable> unusable = new ArrayList<>();
        List<byte[]> pieces;
        try {
            pieces = JsonPieces.ofList(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            Unusable whole = new Unusable("position " + position, "it is not a list of events", json);
            return new Row(new OutboxBatch(service, position, List.of()), List.of(whole));
        }
        for (int i = 0; i < pieces.size(); i++) {
            String piece = new String(pieces.get(i), StandardCharsets.UTF_8);
            String record = "position " + position + " event " + (i + 1);
            try {
                DomainEvent event = Json.read(piece, DomainEvent.class);
                Optional<String> fault = EventRules.fault(event);
                if (fault.isEmpty()) {
                    events.add(event);
                } else {
                    unusable.add(new Unusable(record, fault.get(), piece));
                }
            } catch (UncheckedIOException e) {
                unusable.add(new Unusable(record, "it cannot be read as an event", piece));
            }
        }
        return new Row(new OutboxBatch(service, position, events), unusable);
    }

    /** Removes rows that the feed has taken. */
    public void removeUpTo(Handle transaction, long position) {
        transaction
                .createUpdate("DELETE FROM outbox WHERE position <= :position")
                .bind("position", position)
                .execute();
    }
}
