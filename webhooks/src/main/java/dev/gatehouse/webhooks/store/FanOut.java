package dev.gatehouse.webhooks.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.signal.AlertFilter;
import dev.gatehouse.runtime.aside.PostgresShelf;
import dev.gatehouse.runtime.feed.FeedEffect;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.EventFilter;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Again;
import dev.gatehouse.webhooks.fanout.Matter;
import dev.gatehouse.webhooks.fanout.Payload;
import dev.gatehouse.webhooks.fanout.Subscription;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Makes one delivery per event and endpoint that wants it, in the transaction in which the event counts as applied. */
public final class FanOut implements FeedEffect {
    private static final List<ArrayRows.Column> MESSAGE = ArrayRows.columns(
            "id text",
            "tenant_id text",
            "sequence bigint",
            "type text",
            "subject text",
            "payload text",
            "created_at timestamptz");

    private static final List<ArrayRows.Column> DELIVERY = ArrayRows.columns(
            "id text",
            "tenant_id text",
            "endpoint_id text",
            "message_id text",
            "origin text",
            "status text",
            "due_at timestamptz",
            "created_at timestamptz",
            "order_key text",
            "sequence bigint");

    // what an event led to before it was applied again is there already
    private static final String MESSAGES = ArrayRows.insert("message", MESSAGE) + " ON CONFLICT DO NOTHING";
    private static final String DELIVERIES = ArrayRows.insert("delivery", DELIVERY) + " ON CONFLICT DO NOTHING";

    private final InstantSource clock;
    private final Consumer<Collection<Again>> offer;
    private final PostgresShelf shelf;
    private volatile Set<String> setAside = Set.of();

    /**
     * @param offer told what is due once it is committed
     * @param shelf takes endpoints that cannot be read
     */
    public FanOut(InstantSource clock, Consumer<Collection<Again>> offer, PostgresShelf shelf) {
        this.shelf = shelf;
        this.clock = clock;
        this.offer = offer;
    }

    @Override
    public Runnable apply(Handle transaction, List<DomainEvent> events) {
        List<Subscription> subscriptions = subscriptions(transaction);
        if (subscriptions.isEmpty()) {
            return () -> {};
        }
        Instant now = clock.instant();
        String time = now.toString();
        ArrayRows messages = ArrayRows.of(MESSAGE);
        ArrayRows deliveries = ArrayRows.of(DELIVERY);
        Map<String, Again> due = new LinkedHashMap<>();
        for (DomainEvent event : events) {
            Matter matter = Matter.of(event);
            List<Subscription> wanting = subscriptions.stream()
                    .filter(subscription -> subscription.wants(matter))
                    .toList();
            if (wanting.isEmpty()) {
                continue;
            }
            String message = Payload.messageId(event);
            messages.add(
                    message, event.tenant(), event.sequence(), event.type(), event.subject(), Payload.of(event), time);
            for (Subscription subscription : wanting) {
                deliveries.add(
                        PrefixedId.next("dlv", clock),
                        subscription.tenant(),
                        subscription.endpoint(),
                        message,
                        "event",
                        "pending",
                        time,
                        time,
                        subscription.orderKey(matter),
                        event.sequence());
                due.computeIfAbsent(
                        subscription.endpoint(),
                        endpoint -> new Again(endpoint, new TenantId(subscription.tenant()), now));
            }
        }
        if (due.isEmpty()) {
            return () -> {};
        }
        messages.execute(transaction, MESSAGES);
        deliveries.execute(transaction, DELIVERIES);
        return () -> offer.accept(due.values());
    }

    @Override
    public boolean isIdle(Handle transaction) {
        return transaction
                .createQuery(
                        "SELECT NOT EXISTS (SELECT FROM endpoint WHERE mode = 'live' AND status IN ('enabled', 'paused'))")
                .mapTo(Boolean.class)
                .one();
    }

    private record Row(String endpoint, String tenant, List<String> types, EventFilter filter, boolean ordered) {}

    private List<Subscription> subscriptions(Handle transaction) {
        Set<String> bad = new HashSet<>();
        List<Row> rows = transaction
                .createQuery("SELECT id, tenant_id, event_types, filter, ordered FROM endpoint"
                        + " WHERE mode = 'live' AND status IN ('enabled', 'paused')")
                .map((row, context) -> {
                    try {
                        return Optional.of(new Row(
                                row.getString("id"),
                                row.getString("tenant_id"),
                                Arrays.asList(
                                        (String[]) row.getArray("event_types").getArray()),
                                Json.read(row.getString("filter"), EventFilter.class),
                                row.getBoolean("ordered")));
                    } catch (RuntimeException e) {
                        bad.add(row.getString("id"));
                        return Optional.<Row>empty();
                    }
                })
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
        setAside(transaction, bad);
        Set<String> ids =
                rows.stream().flatMap(row -> row.filter().alerts().stream()).collect(Collectors.toSet());
        Map<String, AlertFilter> alerts = PostgresAlertStore.wanted(transaction, ids);
        return rows.stream()
                .map(row -> Subscription.of(
                        row.endpoint(), row.tenant(), row.types(), row.filter(), alerts(row, alerts), row.ordered()))
                .toList();
    }

    /** An endpoint whose row cannot be read gets nothing; all others get theirs. */
    private void setAside(Handle transaction, Set<String> bad) {
        for (String endpoint : bad) {
            if (!setAside.contains(endpoint)) {
                shelf.put(
                        transaction,
                        endpoint,
                        "the endpoint's filter cannot be read; nothing is delivered to it",
                        null);
            }
        }
        for (String endpoint : setAside) {
            if (!bad.contains(endpoint)) {
                shelf.used(transaction, endpoint);
            }
        }
        setAside = Set.copyOf(bad);
    }

    private static List<AlertFilter> alerts(Row row, Map<String, AlertFilter> all) {
        return row.filter().alerts().stream()
                .map(id -> all.get(PostgresAlertStore.key(row.tenant(), id)))
                .filter(Objects::nonNull)
                .toList();
    }
}
