package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.listings.load.Incoming;
import dev.gatehouse.listings.town.Town;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The generated town")
class TownTest {
    private static final LocalDate FIRST = LocalDate.of(2016, 1, 1);
    private static final LocalDate LAST = LocalDate.of(2025, 12, 31);

    @Test
    @DisplayName(
            "is the same at each call: 5,000 homes with addresses of their own, labelled, each sold within ten years")
    void homes() {
        List<Incoming> sales = Town.sales();
        assertThat(Town.sales()).isEqualTo(sales);
        assertThat(sales).allSatisfy(sale -> {
            assertThat(sale.originatingSystem()).isEqualTo(ListingState.TOWN);
            assertThat(sale.terms().closePrice()).isPositive();
            assertThat(sale.terms().closeDate()).isBetween(FIRST, LAST);
            assertThat(Town.POSTAL_CODES).contains(sale.place().postalCode());
        });
        Map<String, List<Incoming>> homes = sales.stream().collect(Collectors.groupingBy(Incoming::propertyKey));
        assertThat(homes).hasSize(Town.HOMES);
        assertThat(homes.values().stream()
                        .map(home -> home.getFirst().place())
                        .map(place -> place.address() + " # " + place.unit())
                        .distinct())
                .hasSize(Town.HOMES);
        assertThat(homes.values().stream().filter(home -> home.size() > 1)).hasSizeGreaterThan(3_000);
        System.out.println(sales.size() + " sales, "
                + homes.values().stream().mapToInt(home -> home.size() - 1).sum() + " pairs");
    }

    @Test
    @DisplayName("is settled once, with its events")
    void settledOnce() throws Exception {
        try (ListingsForTests service = new ListingsForTests()) {
            long start = System.nanoTime();
            ImportReport report = service.module.loadTown().orElseThrow();
            System.out.println("settled in " + (System.nanoTime() - start) / 1_000_000 + " ms: " + report);
            assertThat(report.accepted()).isEqualTo(report.read());
            assertThat(service.module.loadTown()).isEmpty();
            assertThat(service.eventTypes().stream().filter("property.created"::equals))
                    .hasSize(Town.HOMES);
            assertThat(service.get("/v2/listings?city=Fallow%20Creek&limit=1")
                            .json()
                            .at("/data/0/OriginatingSystemName")
                            .asText())
                    .isEqualTo("gatehouse-town");
        }
    }
}
