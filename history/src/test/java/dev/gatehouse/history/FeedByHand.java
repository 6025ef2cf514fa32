package dev.gatehouse.history;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.queue.Queues;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A feed in memory that tells by a real queue, and the events of homes that tests need. */
final class FeedByHand implements Feed {
    static final Instant RECORDED = Instant.parse("2026-03-01T12:00:00Z");

    private final List<DomainEvent> events = new ArrayList<>();
    private final Queues queues;

    FeedByHand(Queues queues) {
        this.queues = queues;
    }

    /** What is told of one home. */
    record Home(
            String key,
            String city,
            String source,
            @Nullable String assessed) {
        static Home of(String key) {
            return new Home(key, "Toledo", "test", null);
        }

        ListingState state(
                String listing,
                String status,
                @Nullable String listPrice,
                @Nullable String closePrice,
                @Nullable LocalDate contract,
                @Nullable LocalDate close,
                @Nullable String previousPrice,
                @Nullable String previousStatus,
                List<FieldChange> changes) {
            return new ListingState(
                    listing,
                    key,
                    source,
                    status,
                    money(listPrice),
                    money(closePrice),
                    contract,
                    close,
                    "1 Main Street",
                    null,
                    city,
                    "43604",
                    "Lucas",
                    "OH",
                    41.65,
                    -83.53,
                    "Residential",
                    null,
                    3,
                    2,
                    2,
                    0,
                    BigDecimal.valueOf(1_500),
                    null,
                    1970,
                    null,
                    money(assessed),
                    null,
                    RECORDED,
                    RECORDED,
                    money(previousPrice),
                    previousStatus,
                    changes);
        }

        private static @Nullable BigDecimal money(@Nullable String text) {
            return text == null ? null : new BigDecimal(text);
        }
    }

    void listed(Home home, String listing, String price, LocalDate on) {
        add(
                DomainEvent.LISTING_CREATED,
                listing,
                RECORDED,
                home.state(listing, "Active", price, null, on, null, null, null, List.of()));
    }

    void repriced(Home home, String listing, String from, String to, Instant at) {
        add(
                DomainEvent.LISTING_PRICE_CHANGED,
                listing,
                at,
                home.state(
                        listing,
                        "Active",
                        to,
                        null,
                        null,
                        null,
                        from,
                        null,
                        List.of(new FieldChange("ListPrice", from, to))));
    }

    void moved(Home home, String listing, String from, String to, Instant at) {
        add(
                DomainEvent.LISTING_STATUS_CHANGED,
                listing,
                at,
                home.state(
                        listing,
                        to,
                        "1",
                        null,
                        null,
                        null,
                        null,
                        from,
                        List.of(new FieldChange("StandardStatus", from, to))));
    }

    void sold(Home home, String listing, String price, LocalDate on) {
        add(
                DomainEvent.SALE_RECORDED,
                listing,
                RECORDED,
                home.state(listing, "Closed", null, price, null, on, null, null, List.of()));
    }

    /** A deed whose price nobody knows. */
    void transferred(Home home, String listing, LocalDate on) {
        add(
                DomainEvent.SALE_RECORDED,
                listing,
                RECORDED,
                home.state(listing, "Closed", null, null, null, on, null, null, List.of()));
    }

    void updated(Home home, String listing, FieldChange... changes) {
        add(
                DomainEvent.PROPERTY_UPDATED,
                home.key(),
                RECORDED,
                home.state(listing, "Closed", null, null, null, null, null, null, List.of(changes)));
    }

    void add(String type, String subject, Instant at, ListingState state) {
        synchronized (events) {
            long sequence = events.size() + 1L;
            events.add(new DomainEvent(
                    sequence, "evt_" + sequence, type, "listings", subject, at, null, Json.text(state)));
        }
    }

    void tell() {
        queues.queue(FeedConsumer.queueName(HistoryModule.SERVICE), Duration.ofSeconds(30))
                .send("feed", "news", Duration.ZERO);
    }

    int size() {
        synchronized (events) {
            return events.size();
        }
    }

    @Override
    public long take(List<OutboxBatch> batches) {
        throw new UnsupportedOperationException("events are added by hand");
    }

    @Override
    public FeedPage after(long sequence, int limit) {
        synchronized (events) {
            int from = (int) Math.min(sequence, events.size());
            return new FeedPage(events.subList(from, Math.min(events.size(), from + limit)), events.size());
        }
    }

    @Override
    public OptionalLong sequenceAt(String service, long position) {
        throw new UnsupportedOperationException("history begins at the feed's start");
    }
}
