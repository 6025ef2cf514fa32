package dev.gatehouse.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("A signal is raised")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RaisedSignalsTest {
    private static final Instant NOW = SignalsForTests.START;

    private SignalsForTests service;

    @BeforeAll
    void start() throws Exception {
        service = new SignalsForTests();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private JsonNode one(String listing, String type) {
        JsonNode found = service.get("/v2/signals?type=" + type + "&property=property-of-" + listing)
                .json()
                .path("data");
        assertThat(found).as(type + " of " + listing).hasSize(1);
        return found.get(0);
    }

    private List<String> types(String listing) {
        return service.get("/v2/signals?property=property-of-" + listing)
                .json()
                .path("data")
                .findValuesAsText("SignalType");
    }

    @Test
    @DisplayName("for a home that comes on the market, is cut, comes back and sells above its price, with its evidence")
    void story() {
        HomeOnMarket home = new HomeOnMarket("story").in("43699");
        service.happen(
                home.listed(NOW.minus(Duration.ofDays(20))),
                home.price(NOW.minus(Duration.ofDays(10)), 180_000),
                home.status(NOW.minus(Duration.ofDays(9)), "Pending"),
                home.status(NOW.minus(Duration.ofDays(5)), "Active"),
                home.closed(NOW, 190_000),
                home.sale(NOW));
        assertThat(types("story"))
                .containsExactlyInAnyOrder("new_listing", "price_cut", "back_on_market", "sold_above_list");
        JsonNode cut = one("story", "price_cut");
        assertThat(cut.path("Severity").asText()).isEqualTo("high");
        assertThat(cut.at("/Evidence/PreviousListPrice").asInt()).isEqualTo(200_000);
        assertThat(cut.at("/Evidence/CutPercent").decimalValue()).isEqualByComparingTo("10");
        assertThat(cut.at("/Evidence/DaysOnMarket").asInt()).isEqualTo(10);
        assertThat(one("story", "back_on_market").at("/Evidence/PreviousStatus").asText())
                .isEqualTo("Pending");
        assertThat(one("story", "sold_above_list")
                        .at("/Evidence/AboveListPercent")
                        .decimalValue())
                .isEqualByComparingTo("5.56");
        JsonNode told = service.feed.told().stream()
                .map(DomainEvent::data)
                .filter(data -> data.contains("property-of-story") && data.contains("price_cut"))
                .map(Json::tree)
                .findFirst()
                .orElseThrow();
        assertThat(told.path("SignalId")).isEqualTo(cut.path("SignalId"));
        assertThat(told.path("Areas").toString())
                .contains("zip:43699", "county:lucas-oh", "city:toledo-oh", "geohash:");
        assertThat(service.feed.told())
                .allSatisfy(event -> assertThat(event.type()).isEqualTo(DomainEvent.SIGNAL_RAISED));
    }

    @Test
    @DisplayName("neither for a price that rises, nor for a sale or a listing of long ago")
    void silence() {
        HomeOnMarket risen = new HomeOnMarket("risen").in("43698");
        HomeOnMarket old = new HomeOnMarket("old").in("43698");
        HomeOnMarket late = new HomeOnMarket("late").in("43698");
        late.contractDate = HomeOnMarket.day(NOW).minusYears(2);
        service.happen(
                risen.listed(NOW),
                risen.price(NOW, 300_000),
                old.imported(NOW, HomeOnMarket.day(NOW).minusYears(3), 500_000),
                late.created(NOW));
        assertThat(types("risen")).containsExactly("new_listing");
        assertThat(types("old")).isEmpty();
        assertThat(types("late")).isEmpty();
    }

    @Test
    @DisplayName("for a home that asks clearly less per square foot than like homes nearby sold for")
    void comparables() {
        for (int i = 0; i < 6; i++) {
            HomeOnMarket sold = new HomeOnMarket("sold-" + i).in("43697");
            sold.livingArea = BigDecimal.valueOf(1_500 + i * 50L);
            service.happen(sold.imported(NOW, HomeOnMarket.day(NOW).minusDays(30L * i), 100 * (1_500 + i * 50L)));
        }
        HomeOnMarket cheap = new HomeOnMarket("cheap").in("43697").asking(100_000);
        HomeOnMarket fair = new HomeOnMarket("fair").in("43697").asking(155_000);
        HomeOnMarket large = new HomeOnMarket("large").in("43697").asking(100_000);
        large.livingArea = BigDecimal.valueOf(4_000);
        service.happen(cheap.listed(NOW), fair.listed(NOW), large.listed(NOW));
        JsonNode signal = one("cheap", "price_below_comparables");
        assertThat(signal.path("Severity").asText()).isEqualTo("high");
        assertThat(signal.at("/Evidence/ComparableCount").asInt()).isEqualTo(6);
        assertThat(signal.at("/Evidence/ComparableMedianPricePerSquareFoot").decimalValue())
                .isEqualByComparingTo("100");
        assertThat(signal.at("/Evidence/BelowPercent").decimalValue()).isEqualByComparingTo("37.5");
        assertThat(signal.at("/Evidence/Comparables")).hasSize(6);
        assertThat(types("fair")).containsExactly("new_listing");
        assertThat(types("large")).containsExactly("new_listing");
    }

    @Test
    @DisplayName("for a listing that grows stale, once a level, by the clock and not by an event")
    void stale() throws Exception {
        try (SignalsForTests own = new SignalsForTests()) {
            HomeOnMarket home = new HomeOnMarket("slow");
            own.happen(home.listed(NOW));
            own.module.store().raiseStale();
            assertThat(own.signals("type = 'stale_listing'")).isEmpty();
            own.clock.advance(Duration.ofDays(91));
            own.module.store().raiseStale();
            own.module.store().raiseStale();
            assertThat(own.sql("SELECT signal->'evidence'->>'DaysOnMarket' FROM signals.signal WHERE type ="
                            + " 'stale_listing'"))
                    .containsExactly("90");
            own.clock.advance(Duration.ofDays(100));
            own.module.store().raiseStale();
            assertThat(own.sql("SELECT severity FROM signals.signal WHERE type = 'stale_listing' ORDER BY raised_at"))
                    .containsExactly("0", "1");
            Instant sold = own.clock.instant();
            own.happen(home.closed(sold, 150_000), home.sale(sold));
            own.clock.advance(Duration.ofDays(400));
            own.module.store().raiseStale();
            assertThat(own.signals("type = 'stale_listing'")).hasSize(2);
        }
    }

    @Test
    @DisplayName("also after an event that cannot be read, which is left out")
    void unreadable() {
        DomainEvent broken = new DomainEvent(
                0,
                "evt_broken",
                DomainEvent.LISTING_CREATED,
                "listings",
                "broken",
                NOW,
                null,
                "{\"ListPrice\":\"cheap\"}");
        HomeOnMarket home = new HomeOnMarket("after-broken");
        service.happen(broken, home.listed(NOW));
        assertThat(types("after-broken")).contains("new_listing");
    }
}
