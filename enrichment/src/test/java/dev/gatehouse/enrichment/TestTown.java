package dev.gatehouse.enrichment;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** An invented town whose prices follow size, age, corner and time, with some chance; the same from the same seed. */
final class TestTown {
    static final LocalDate FIRST = LocalDate.of(2020, 1, 1);
    private static final List<String> STREETS =
            List.of("Main St", "Oak Ave", "N Maple Dr", "S Maple Dr", "Fifth St", "Elm Ct", "Lake Shore Blvd");

    private final Random random;
    private int events;

    TestTown(long seed) {
        random = new Random(seed);
    }

    /** Homes with one sale each, over three years: as a snapshot tells them. */
    List<DomainEvent> sales(int count) {
        List<DomainEvent> states = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String address = (100 + i / STREETS.size()) + " " + STREETS.get(i % STREETS.size());
            states.add(event(DomainEvent.SALE_RECORDED, sale(i, address, null, "test-county", "Closed")));
        }
        return states;
    }

    ListingState sale(int i, @Nullable String address, @Nullable String unit, String system, String status) {
        double area = 900 + random.nextInt(1_800);
        int year = 1930 + random.nextInt(80);
        double latitude = 41.0 + random.nextDouble() * 0.05;
        double longitude = -83.0 + random.nextDouble() * 0.05;
        LocalDate day = FIRST.plusDays(random.nextInt(3 * 365));
        double corner = latitude > 41.025 ? 1.5 : 1;
        double price = 110
                * Math.pow(area, 0.95)
                * corner
                * (1 - (2020 - year) * 0.003)
                * (1 + (day.toEpochDay() - FIRST.toEpochDay()) / 365.0 * 0.04)
                * Math.exp(random.nextGaussian() * 0.1);
        return state(
                "sale-" + i, "home-" + i, system, status, price, day, address, unit, latitude, longitude, area, year);
    }

    static ListingState state(
            String listing,
            String property,
            String system,
            String status,
            double price,
            LocalDate day,
            @Nullable String address,
            @Nullable String unit,
            double latitude,
            double longitude,
            double area,
            int year) {
        return new ListingState(
                listing,
                property,
                system,
                status,
                null,
                BigDecimal.valueOf(Math.round(price)),
                null,
                day,
                address,
                unit,
                "Testville",
                "43999",
                "Test",
                "OH",
                latitude,
                longitude,
                "Residential",
                "SingleFamilyResidence",
                3,
                2,
                1,
                1,
                BigDecimal.valueOf(area),
                BigDecimal.valueOf(6_000),
                year,
                BigDecimal.ONE,
                BigDecimal.valueOf(50_000),
                null,
                EnrichmentForTests.START,
                EnrichmentForTests.START,
                null,
                null,
                List.of());
    }

    DomainEvent event(String type, ListingState state) {
        events++;
        return new DomainEvent(
                0,
                "evt_" + events,
                type,
                "listings",
                state.propertyKey(),
                Instant.parse("2026-03-01T00:00:00Z"),
                null,
                Json.text(state));
    }
}
