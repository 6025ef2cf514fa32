package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.listings.simulator.Life;
import dev.gatehouse.listings.simulator.MarketSimulator;
import dev.gatehouse.listings.simulator.Step;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The market simulator")
class MarketSimulatorTest {
    private static final MarketSimulator.Options FEW = new MarketSimulator.Options(7, 4);

    @TempDir
    Path folder;

    @Test
    @DisplayName("makes the same market from the same seed, whether it goes on every few hours or once after months")
    void deterministic() throws Exception {
        List<String> often;
        List<String> once;
        try (ListingsForTests service = withHomes()) {
            for (int hours = 0; hours < 24 * 30; hours += 7) {
                advance(service, FEW, ListingsForTests.START.plus(Duration.ofHours(hours)));
            }
            advance(service, FEW, ListingsForTests.START.plus(Duration.ofDays(30)));
            often = told(service);
        }
        try (ListingsForTests service = withHomes()) {
            // opened at the same moment, then left alone
            advance(service, FEW, ListingsForTests.START);
            advance(service, FEW, ListingsForTests.START.plus(Duration.ofDays(30)));
            once = told(service);
        }
        assertThat(once).hasSizeGreaterThan(500).isEqualTo(often);
    }

    @Test
    @DisplayName("says that its listings are simulated, and keeps the factor that made their prices")
    void labelled() throws Exception {
        try (ListingsForTests service = withHomes()) {
            advance(service, FEW, ListingsForTests.START);
            JsonNode found =
                    service.get("/v2/listings?status=Active&limit=500").json().path("data");
            assertThat(found).isNotEmpty().allSatisfy(listing -> {
                assertThat(listing.path("OriginatingSystemName").asText()).isEqualTo(ListingState.SIMULATOR);
                assertThat(listing.path("SimulatedPriceFactor").decimalValue()).isEqualByComparingTo(Life.PRICE_FACTOR);
            });
            assertThat(service.sql("SELECT DISTINCT status FROM listings.listing WHERE originating_system = '"
                            + ListingState.SIMULATOR + "'"))
                    .contains("Active", "Pending", "Closed");
            for (DomainEvent event : events(service)) {
                ListingState state = Json.read(event.data(), ListingState.class);
                if (event.type().equals(DomainEvent.LISTING_CREATED)) {
                    assertThat(state.isSimulated()).isTrue();
                    BigDecimal last = new BigDecimal(
                            service.sql("SELECT max(close_price) FROM listings.listing WHERE property_key = '"
                                            + state.propertyKey() + "' AND originating_system = 'lucas-county'")
                                    .getFirst());
                    assertThat(state.listPrice()).isEqualByComparingTo(Life.listPrice(last));
                    assertThat(state.livingArea()).isNotNull();
                }
            }
        }
    }

    @Test
    @DisplayName(
            "changes a home's listing in the order of a life: nothing follows its end, and prices fall step by step")
    void lives() {
        for (long number = 0; number < 2_000; number++) {
            Instant arrived = ListingsForTests.START;
            List<Step> life = Life.of(3, number, arrived, new BigDecimal("100000"));
            assertThat(life.getFirst().at()).isEqualTo(arrived);
            assertThat(life).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
            BigDecimal asked = Life.listPrice(new BigDecimal("100000"));
            for (Step step : life) {
                if (step instanceof Step.Repriced(Instant at, BigDecimal price)) {
                    assertThat(price).isLessThan(asked);
                    asked = price;
                }
            }
            assertThat(life.subList(0, life.size() - 1)).noneMatch(Step.Sold.class::isInstance);
        }
    }

    @Test
    @DisplayName("does nothing where its homes are not")
    void noHomes() throws Exception {
        try (ListingsForTests service = new ListingsForTests()) {
            advance(service, FEW, ListingsForTests.START);
            assertThat(service.eventTypes()).isEmpty();
        }
    }

    private ListingsForTests withHomes() throws Exception {
        ListingsForTests service = new ListingsForTests();
        Path file = folder.resolve("homes.csv");
        Files.writeString(
                file,
                IntStream.range(0, 80)
                        .mapToObj(i -> "sale-%03d,home-%03d,%d,%d%n".formatted(i, i, 60_000 + 500 * i, 1_000 + 10 * i))
                        .collect(Collectors.joining("", "sale,home,price,area\n", "")),
                StandardCharsets.UTF_8);
        Path mapping = folder.resolve("homes.yaml");
        Files.writeString(mapping, """
                source:
                  originatingSystem: lucas-county
                fields:
                  PropertyKey: home
                  ListingKey: sale
                  StandardStatus: {constant: Closed}
                  PropertyType: {constant: Residential}
                  ClosePrice: price
                  CloseDate: {constant: '1997-05-06'}
                  LivingArea: area
                """);
        service.module.importFile(file, mapping.toString(), ImportProgress.SILENT);
        return service;
    }

    private static void advance(ListingsForTests service, MarketSimulator.Options options, Instant now) {
        service.clock.set(now);
        service.module.simulateUntilNow(options);
    }

    private static List<DomainEvent> events(ListingsForTests service) {
        List<DomainEvent> events = new ArrayList<>();
        service.sql("SELECT event FROM listings.outbox, jsonb_array_elements(events) WITH ORDINALITY AS e(event, n)"
                        + " ORDER BY position, n")
                .forEach(text -> events.add(Json.read(text, DomainEvent.class)));
        return events;
    }

    /** What was said of the simulated market, without what depends on when it was said. */
    private static List<String> told(ListingsForTests service) {
        List<String> told = new ArrayList<>();
        for (DomainEvent event : events(service)) {
            ListingState state = Json.read(event.data(), ListingState.class);
            if (state.isSimulated()) {
                told.add(event.occurredAt() + " " + event.type() + " " + event.subject() + " " + state.propertyKey()
                        + " " + state.standardStatus() + " " + state.listPrice() + " " + state.closePrice());
            }
        }
        return told;
    }
}
