package dev.gatehouse.history.store;

import dev.gatehouse.history.HistoryEntry;
import dev.gatehouse.history.Kind;
import dev.gatehouse.history.timeline.Entries;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.area.Geohash;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.runtime.feed.FeedEffect;
import dev.gatehouse.runtime.json.Json;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes events about homes into their timelines, and keeps the pairs of sales. Other events pass by. */
public final class HistoryEffect implements FeedEffect {
    private static final Set<String> KNOWN = Set.of(
            DomainEvent.PROPERTY_CREATED,
            DomainEvent.PROPERTY_UPDATED,
            DomainEvent.LISTING_CREATED,
            DomainEvent.LISTING_REMOVED,
            DomainEvent.LISTING_STATUS_CHANGED,
            DomainEvent.LISTING_PRICE_CHANGED,
            DomainEvent.SALE_RECORDED);

    private record Told(DomainEvent event, ListingState state) {}

    /**
     * @param from the key of the home that it was told to be of
     * @param to the key of the home that it is of
     */
    record Move(String listing, String from, String to) {}

    @Override
    public Runnable apply(Handle transaction, List<DomainEvent> events) {
        List<Told> told = new ArrayList<>();
        for (DomainEvent event : events) {
            if (KNOWN.contains(event.type())) {
                told.add(new Told(event, Json.read(event.data(), ListingState.class)));
            }
        }
        if (!told.isEmpty()) {
            listings(transaction, told);
            Map<String, @Nullable String> assessed = assessed(transaction, told);
            List<HistoryEntry> entries = entries(told, assessed);
            properties(transaction, told, assessed);
            write(transaction, entries);
            List<Move> moves = moves(told);
            move(transaction, moves);
            new SalePairs(transaction).keep(sales(told), moves);
        }
        return () -> {};
    }

    /** Keeps which home each listing is of. */
    private static void listings(Handle transaction, List<Told> told) {
        Map<String, String> homes = new TreeMap<>();
        for (Told one : told) {
            String listing = one.state().listingKey();
            if (listing != null) {
                homes.put(listing, one.state().propertyKey());
            }
        }
        if (!homes.isEmpty()) {
            PreparedBatch rows = transaction.prepareBatch("""
                    INSERT INTO listing (listing_key, property_key) VALUES (:listing, :property)
                    ON CONFLICT (listing_key) DO UPDATE SET property_key = excluded.property_key
                    WHERE listing.property_key <> excluded.property_key
                    """);
            homes.forEach((listing, property) ->
                    rows.bind("listing", listing).bind("property", property).add());
            rows.execute();
        }
    }

    /** Listings that turned out to be of another home than was told before. */
    private static List<Move> moves(List<Told> told) {
        List<Move> moves = new ArrayList<>();
        for (Told one : told) {
            String listing = one.state().listingKey();
            for (FieldChange change : one.state().changes()) {
                String before = change.previousValue();
                if (listing != null && before != null && change.fieldName().equals("PropertyKey")) {
                    moves.add(new Move(listing, before, one.state().propertyKey()));
                }
            }
        }
        return moves;
    }

    private static void move(Handle transaction, List<Move> moves) {
        for (Move move : moves) {
            transaction
                    .createUpdate("UPDATE entry SET property_key = :to WHERE listing_key = :listing")
                    .bind("to", move.to())
                    .bind("listing", move.listing())
                    .execute();
        }
    }

    private static Map<String, @Nullable String> assessed(Handle transaction, List<Told> told) {
        Map<String, @Nullable String> values = new HashMap<>();
        transaction
                .createQuery("SELECT property_key, assessed_value FROM property WHERE property_key = ANY(:keys)"
                        + " AND assessed_value IS NOT NULL")
                .bindArray(
                        "keys",
                        String.class,
                        told.stream()
                                .map(one -> one.state().propertyKey())
                                .distinct()
                                .toArray())
                .map((row, context) -> Map.entry(row.getString("property_key"), row.getString("assessed_value")))
                .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return values;
    }

    /** All entries, without assessments that say what the one before said. */
    private static List<HistoryEntry> entries(List<Told> told, Map<String, @Nullable String> assessed) {
        List<HistoryEntry> entries = new ArrayList<>();
        for (Told one : told) {
            for (HistoryEntry entry : Entries.of(one.event(), one.state())) {
                if (entry.kind() != Kind.TAX) {
                    entries.add(entry);
                    continue;
                }
                String known = assessed.get(entry.propertyKey());
                if (!Objects.equals(known, entry.newValue())) {
                    entries.add(entry.withPrevious(known));
                    assessed.put(entry.propertyKey(), entry.newValue());
                }
            }
        }
        return entries;
    }

    private static void properties(Handle transaction, List<Told> told, Map<String, @Nullable String> assessed) {
        Map<String, ListingState> last = new TreeMap<>();
        told.forEach(one -> last.put(one.state().propertyKey(), one.state()));
        Set<String> areas = new TreeSet<>();
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO property (property_key, county, zip, city, geohash, assessed_value)
                VALUES (:property, :county, :zip, :city, :geohash, :assessed)
                ON CONFLICT (property_key) DO UPDATE SET
                    county = coalesce(excluded.county, property.county), zip = coalesce(excluded.zip, property.zip),
                    city = coalesce(excluded.city, property.city), geohash = coalesce(excluded.geohash, property.geohash),
                    assessed_value = excluded.assessed_value
                """);
        last.forEach((property, state) -> {
            Map<Area.Kind, String> in = new HashMap<>();
            for (Area area :
                    Area.around(state.countyOrParish(), state.postalCode(), state.city(), state.stateOrProvince())) {
                in.put(area.kind(), area.text());
                areas.add(area.text());
            }
            rows.bind("property", property)
                    .bind("county", in.get(Area.Kind.COUNTY))
                    .bind("zip", in.get(Area.Kind.ZIP))
                    .bind("city", in.get(Area.Kind.CITY))
                    .bind("geohash", geohash(state))
                    .bind("assessed", assessed.get(property))
                    .add();
        });
        rows.execute();
        if (!areas.isEmpty()) {
            PreparedBatch known =
                    transaction.prepareBatch("INSERT INTO area (area) VALUES (:area) ON CONFLICT DO NOTHING");
            areas.forEach(area -> known.bind("area", area).add());
            known.execute();
        }
    }

    private static @Nullable String geohash(ListingState state) {
        Double latitude = state.latitude();
        Double longitude = state.longitude();
        return latitude == null || longitude == null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180
                ? null
                : Geohash.of(latitude, longitude, Geohash.LONGEST);
    }

    private static void write(Handle transaction, List<HistoryEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        PreparedBatch rows = transaction.prepareBatch("""
                INSERT INTO entry (property_key, happened_at, sequence, part, kind, listing_key, originating_system,
                    change_type, field_name, previous_value, new_value, recorded_at)
                VALUES (:property, :happened, :sequence, :part, :kind, :listing, :source, :change, :field, :before, :now,
                    :recorded)
                ON CONFLICT DO NOTHING
                """);
        for (HistoryEntry entry : entries) {
            rows.bind("property", entry.propertyKey())
                    .bind("happened", OffsetDateTime.ofInstant(entry.happenedAt(), ZoneOffset.UTC))
                    .bind("sequence", entry.sequence())
                    .bind("part", entry.part())
                    .bind("kind", entry.kind().text())
                    .bind("listing", entry.listingKey())
                    .bind("source", entry.originatingSystem())
                    .bind("change", entry.changeType())
                    .bind("field", entry.fieldName())
                    .bind("before", entry.previousValue())
                    .bind("now", entry.newValue())
                    .bind("recorded", OffsetDateTime.ofInstant(entry.recordedAt(), ZoneOffset.UTC))
                    .add();
        }
        rows.execute();
    }

    /** Where each listing's sale stands after the events; null where there is none any more. */
    private static Map<String, SalePairs.@Nullable Sale> sales(List<Told> told) {
        Map<String, SalePairs.@Nullable Sale> sales = new TreeMap<>();
        for (Told one : told) {
            ListingState state = one.state();
            String listing = state.listingKey();
            if (listing == null || state.isSimulated()) {
                continue;
            }
            if (one.event().type().equals(DomainEvent.SALE_RECORDED)) {
                sales.put(listing, SalePairs.Sale.of(state));
            } else if (one.event().type().equals(DomainEvent.LISTING_REMOVED)
                    || "Closed".equals(state.previousStatus())) {
                sales.put(listing, null);
            }
        }
        return sales;
    }
}
