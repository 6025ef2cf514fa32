package dev.gatehouse.enrichment.store;

import dev.gatehouse.enrichment.address.Address;
import dev.gatehouse.enrichment.address.AddressReader;
import dev.gatehouse.enrichment.address.Spelling;
import dev.gatehouse.enrichment.follow.Areas;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.runtime.feed.FeedEffect;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the feed says about homes into the schema. What the market simulator says is left out altogether: its homes
 * are others' and known already, and its prices must not become anyone's comparables.
 */
public final class HomeUpdates implements FeedEffect {
    private static final Set<String> ABOUT_HOMES = Set.of(
            DomainEvent.PROPERTY_CREATED,
            DomainEvent.PROPERTY_UPDATED,
            DomainEvent.LISTING_CREATED,
            DomainEvent.LISTING_REMOVED,
            DomainEvent.LISTING_STATUS_CHANGED,
            DomainEvent.LISTING_PRICE_CHANGED,
            DomainEvent.SALE_RECORDED);
    private static final String CLOSED = "Closed";

    private final Runnable changed;

    /** @param changed is told once changes of homes are committed */
    public HomeUpdates(Runnable changed) {
        this.changed = changed;
    }

    @Override
    public Runnable apply(Handle transaction, List<DomainEvent> events) {
        Map<String, ListingState> homes = new LinkedHashMap<>();
        Map<String, ListingState> sales = new LinkedHashMap<>();
        Set<String> gone = new TreeSet<>();
        for (DomainEvent event : events) {
            if (!ABOUT_HOMES.contains(event.type())) {
                continue;
            }
            ListingState state = Json.read(event.data(), ListingState.class);
            if (state.isSimulated()) {
                continue;
            }
            homes.merge(state.propertyKey(), state, HomeUpdates::later);
            String key = state.listingKey();
            if (key != null) {
                boolean sold = CLOSED.equals(state.standardStatus())
                        && state.closePrice() != null
                        && state.closeDate() != null
                        && !event.type().equals(DomainEvent.LISTING_REMOVED);
                if (sold) {
                    sales.put(key, state);
                    gone.remove(key);
                } else {
                    sales.remove(key);
                    gone.add(key);
                }
            }
        }
        if (homes.isEmpty()) {
            return () -> {};
        }
        writeHomes(transaction, homes);
        writeSales(transaction, sales);
        if (!gone.isEmpty()) {
            transaction
                    .createUpdate("DELETE FROM sale WHERE listing_key = ANY(:gone)")
                    .bindArray("gone", String.class, List.copyOf(gone))
                    .execute();
        }
        return changed;
    }

    private static ListingState later(ListingState a, ListingState b) {
        Instant before = a.modificationTimestamp();
        Instant after = b.modificationTimestamp();
        return before != null && (after == null || after.isBefore(before)) ? a : b;
    }

    private static void writeHomes(Handle transaction, Map<String, ListingState> homes) {
        PreparedBatch batch = transaction.prepareBatch("""
                INSERT INTO home AS h (property_key, originating_system, modified_at, property_type, property_sub_type, address,
                    unit, city, postal_code, county, state, location, bedrooms, bathrooms_full, bathrooms_half, living_area,
                    lot_size, year_built, stories, assessed_value, house_number, street, parsed)
                VALUES (:key, :system, :modified, :type, :subType, :address, :unit, :city, :postalCode, :county, :state,
                    point(CAST(:longitude AS float8), CAST(:latitude AS float8)), :bedrooms, :full, :half, :area, :lot, :year,
                    :stories, :assessed, :number, :street, CAST(:parsed AS jsonb))
                ON CONFLICT (property_key) DO UPDATE SET originating_system = excluded.originating_system,
                    modified_at = excluded.modified_at, property_type = excluded.property_type,
                    property_sub_type = excluded.property_sub_type, address = excluded.address, unit = excluded.unit,
                    city = excluded.city, postal_code = excluded.postal_code, county = excluded.county,
                    state = excluded.state, location = excluded.location, bedrooms = excluded.bedrooms,
                    bathrooms_full = excluded.bathrooms_full, bathrooms_half = excluded.bathrooms_half,
                    living_area = excluded.living_area, lot_size = excluded.lot_size, year_built = excluded.year_built,
                    stories = excluded.stories, assessed_value = excluded.assessed_value,
                    house_number = excluded.house_number, street = excluded.street, parsed = excluded.parsed
                WHERE h.modified_at IS NULL OR excluded.modified_at >= h.modified_at
                """);
        Map<String, Set<String>> streets = new LinkedHashMap<>();
        homes.values().forEach(state -> {
            @Nullable Address parsed = parsed(state);
            if (parsed != null) {
                streets.computeIfAbsent(parsed.street(), Spelling::variants);
            }
            batch.bind("key", state.propertyKey())
                    .bind("system", state.originatingSystemName())
                    .bind("modified", at(state.modificationTimestamp()))
                    .bind("type", state.propertyType())
                    .bind("subType", state.propertySubType())
                    .bind("address", state.unparsedAddress())
                    .bind("unit", state.unitNumber())
                    .bind("city", state.city())
                    .bind("postalCode", state.postalCode())
                    .bind("county", state.countyOrParish())
                    .bind("state", state.stateOrProvince())
                    .bind("longitude", state.longitude())
                    .bind("latitude", state.latitude())
                    .bind("bedrooms", state.bedroomsTotal())
                    .bind("full", state.bathroomsFull())
                    .bind("half", state.bathroomsHalf())
                    .bind("area", state.livingArea())
                    .bind("lot", state.lotSizeSquareFeet())
                    .bind("year", state.yearBuilt())
                    .bind("stories", state.storiesTotal())
                    .bind("assessed", state.taxAssessedValue())
                    .bind("number", parsed == null ? null : parsed.number())
                    .bind("street", parsed == null ? null : parsed.street())
                    .bind("parsed", parsed == null ? null : Json.text(parsed))
                    .add();
        });
        batch.execute();
        writeStreets(transaction, streets);
    }

    private static @Nullable Address parsed(ListingState state) {
        String text = state.unparsedAddress();
        return text == null
                ? null
                : AddressReader.read(text)
                        .map(address -> address.completed(
                                state.unitNumber(), state.city(), state.stateOrProvince(), state.postalCode()))
                        .orElse(null);
    }

    private static void writeStreets(Handle transaction, Map<String, Set<String>> streets) {
        if (streets.isEmpty()) {
            return;
        }
        PreparedBatch batch = transaction.prepareBatch(
                "INSERT INTO street_spelling (spelling, street) VALUES (:spelling, :street) ON CONFLICT DO NOTHING");
        streets.forEach((street, spellings) -> spellings.forEach(spelling ->
                batch.bind("spelling", spelling).bind("street", street).add()));
        batch.execute();
    }

    private static void writeSales(Handle transaction, Map<String, ListingState> sales) {
        if (sales.isEmpty()) {
            return;
        }
        PreparedBatch batch = transaction.prepareBatch("""
                INSERT INTO sale (listing_key, property_key, market, area, close_price, close_date, location, living_area,
                    lot_size, year_built, bedrooms, bathrooms_full, bathrooms_half, stories)
                VALUES (:key, :property, :market, :area, :price, :date,
                    point(CAST(:longitude AS float8), CAST(:latitude AS float8)), :living, :lot, :year, :bedrooms, :full, :half,
                    :stories)
                ON CONFLICT (listing_key) DO UPDATE SET property_key = excluded.property_key, market = excluded.market,
                    area = excluded.area, close_price = excluded.close_price, close_date = excluded.close_date,
                    location = excluded.location, living_area = excluded.living_area, lot_size = excluded.lot_size,
                    year_built = excluded.year_built, bedrooms = excluded.bedrooms,
                    bathrooms_full = excluded.bathrooms_full, bathrooms_half = excluded.bathrooms_half,
                    stories = excluded.stories
                """);
        sales.forEach((key, state) -> batch.bind("key", key)
                .bind("property", state.propertyKey())
                .bind("market", Areas.market(state.countyOrParish(), state.city(), state.stateOrProvince()))
                .bind("area", Areas.of(state.postalCode(), state.latitude(), state.longitude()))
                .bind("price", state.closePrice())
                .bind("date", state.closeDate())
                .bind("longitude", state.longitude())
                .bind("latitude", state.latitude())
                .bind("living", real(state.livingArea()))
                .bind("lot", orZero(real(state.lotSizeSquareFeet())))
                .bind("year", state.yearBuilt())
                .bind("bedrooms", orZero(state.bedroomsTotal()))
                .bind("full", orZero(state.bathroomsFull()))
                .bind("half", orZero(state.bathroomsHalf()))
                .bind("stories", orZero(real(state.storiesTotal())))
                .add());
        batch.execute();
    }

    private static @Nullable Double real(@Nullable BigDecimal value) {
        return value == null ? null : value.doubleValue();
    }

    private static double orZero(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
