package dev.gatehouse.signals.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.signals.Signal;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.raise.Raised;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Signals as they are written, each once, with the event that tells of it. */
final class SignalRows {
    static final String SERVICE = "signals";

    /** Whether others are told. */
    enum Telling {
        TOLD,
        /** It happened before this service was there: it is kept, and nobody is told. */
        QUIET
    }

    /** A signal that is to be written. */
    record Due(Raised raised, Telling telling) {}

    private final Outbox outbox;
    private final InstantSource clock;

    SignalRows(Outbox outbox, InstantSource clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Writes those that are not there yet. */
    void add(Handle transaction, List<Due> all) {
        if (all.isEmpty()) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<String, Due> fresh = new LinkedHashMap<>();
        all.forEach(due -> fresh.putIfAbsent(due.raised().id(), due));
        known(transaction, fresh.keySet()).forEach(fresh::remove);
        if (fresh.isEmpty()) {
            return;
        }
        List<DomainEvent> events = new ArrayList<>();
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO signal (id, type, severity, property_key, listing_key, county, city, zip, geohash, raised_at,
                    signal)
                VALUES (:id, :type, :severity, :property, :listing, :county, :city, :zip, :geohash, :raised, :signal::jsonb)
                """);
        fresh.forEach((id, due) -> {
            Instant old = due.raised().occurredAt().truncatedTo(ChronoUnit.MICROS);
            Signal signal = due.raised().signal(due.telling() == Telling.TOLD ? now : old);
            List<String> areas = due.raised().home().site().areas();
            rows.bind("id", id)
                    .bind("type", signal.type().text())
                    .bind("severity", signal.severity().ordinal())
                    .bind("property", signal.propertyKey())
                    .bind("listing", signal.listingKey())
                    .bind("county", of("county:", areas))
                    .bind("city", of("city:", areas))
                    .bind("zip", of("zip:", areas))
                    .bind("geohash", of("geohash:", areas))
                    .bind("raised", HomeRows.time(signal.raisedAt()))
                    .bind("signal", Json.text(signal))
                    .add();
            if (due.telling() == Telling.TOLD) {
                events.add(event(signal, due.raised().home(), areas));
            }
        });
        rows.execute();
        outbox.append(transaction, events);
    }

    private static Set<String> known(Handle transaction, Set<String> ids) {
        return Set.copyOf(transaction
                .createQuery("SELECT id FROM signal WHERE id = ANY(:ids)")
                .bindArray("ids", String.class, List.copyOf(ids))
                .mapTo(String.class)
                .list());
    }

    private static @Nullable String of(String kind, List<String> areas) {
        return areas.stream().filter(area -> area.startsWith(kind)).findFirst().orElse(null);
    }

    private DomainEvent event(Signal signal, Home home, List<String> areas) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("SignalId", signal.id());
        data.put("SignalType", signal.type().text());
        data.put("Severity", signal.severity().text());
        data.put("ListingKey", signal.listingKey());
        data.put("PropertyKey", signal.propertyKey());
        data.put("OriginatingSystemName", signal.originatingSystem());
        data.put("StandardStatus", home.terms().status());
        data.put("PropertyType", signal.propertyType());
        data.put("Price", signal.price());
        data.put("UnparsedAddress", signal.address());
        data.put("City", signal.city());
        data.put("PostalCode", signal.postalCode());
        data.put("CountyOrParish", signal.county());
        data.put("StateOrProvince", signal.state());
        data.put("Latitude", signal.latitude());
        data.put("Longitude", signal.longitude());
        data.put("Areas", areas);
        data.put("OccurredAt", signal.occurredAt());
        data.put("Evidence", signal.evidence());
        return new DomainEvent(
                0,
                PrefixedId.next("evt", clock),
                DomainEvent.SIGNAL_RAISED,
                SERVICE,
                signal.listingKey(),
                signal.raisedAt(),
                null,
                Json.text(data));
    }
}
