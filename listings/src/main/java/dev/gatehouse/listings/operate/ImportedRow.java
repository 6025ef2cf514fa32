package dev.gatehouse.listings.operate;

import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.Place;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.Terms;
import dev.gatehouse.listings.load.Incoming;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An {@link Incoming} as it travels: one flat object, as {@code administration.yaml} describes it. */
record ImportedRow(
        long row,
        UUID digest,
        String listingKey,
        String propertyKey,
        String originatingSystem,
        String status,
        @Nullable BigDecimal listPrice,
        @Nullable BigDecimal closePrice,
        @Nullable LocalDate contractDate,
        @Nullable LocalDate closeDate,
        @Nullable String address,
        @Nullable String unit,
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String county,
        @Nullable String state,
        @Nullable Double latitude,
        @Nullable Double longitude,
        String propertyType,
        @Nullable String propertySubType,
        @Nullable Integer bedrooms,
        @Nullable Integer bathroomsFull,
        @Nullable Integer bathroomsHalf,
        @Nullable BigDecimal livingArea,
        @Nullable BigDecimal lotSize,
        @Nullable Integer yearBuilt,
        @Nullable BigDecimal stories,
        @Nullable BigDecimal assessedValue) {

    static ImportedRow of(Incoming incoming) {
        Terms terms = incoming.terms();
        Place place = incoming.place();
        Facts facts = incoming.facts();
        return new ImportedRow(
                incoming.rowNumber(),
                incoming.digest(),
                incoming.listingKey(),
                incoming.propertyKey(),
                incoming.originatingSystem(),
                terms.status().text(),
                terms.listPrice(),
                terms.closePrice(),
                terms.contractDate(),
                terms.closeDate(),
                place.address(),
                place.unit(),
                place.city(),
                place.postalCode(),
                place.county(),
                place.state(),
                place.latitude(),
                place.longitude(),
                facts.propertyType(),
                facts.propertySubType(),
                facts.bedrooms(),
                facts.bathroomsFull(),
                facts.bathroomsHalf(),
                facts.livingArea(),
                facts.lotSize(),
                facts.yearBuilt(),
                facts.stories(),
                facts.assessedValue());
    }

    /** @throws java.util.NoSuchElementException for a status that RESO does not have */
    Incoming incoming() {
        return new Incoming(
                row,
                listingKey,
                propertyKey,
                originatingSystem,
                new Terms(StandardStatus.of(status).orElseThrow(), listPrice, closePrice, contractDate, closeDate),
                new Place(address, unit, city, postalCode, county, state, latitude, longitude),
                new Facts(
                        propertyType,
                        propertySubType,
                        bedrooms,
                        bathroomsFull,
                        bathroomsHalf,
                        livingArea,
                        lotSize,
                        yearBuilt,
                        stories,
                        assessedValue),
                digest);
    }
}
