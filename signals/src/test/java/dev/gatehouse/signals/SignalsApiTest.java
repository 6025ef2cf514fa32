package dev.gatehouse.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("The API of signals and markets")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SignalsApiTest {
    private static final Instant NOW = SignalsForTests.START;

    private SignalsForTests service;

    @BeforeAll
    void start() throws Exception {
        service = new SignalsForTests();
        HomeOnMarket a = new HomeOnMarket("a").in("43604");
        HomeOnMarket b = new HomeOnMarket("b").in("43606").asking(300_000);
        b.city = "Maumee";
        b.latitude = 41.10;
        HomeOnMarket c = new HomeOnMarket("c").in("43604");
        service.happen(a.listed(NOW.minus(Duration.ofDays(50))), b.listed(NOW), c.listed(NOW));
        service.clock.advance(Duration.ofHours(1));
        service.happen(
                a.price(NOW, 199_000),
                b.price(NOW, 250_000),
                a.closed(NOW.plus(Duration.ofDays(1)), 210_000),
                a.sale(NOW.plus(Duration.ofDays(1))));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private List<String> found(String query) {
        Answer answer = service.get("/v2/signals?" + query);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        List<String> found = new ArrayList<>();
        answer.json()
                .path("data")
                .forEach(signal -> found.add(signal.path("ListingKey").asText() + " "
                        + signal.path("SignalType").asText()));
        return found;
    }

    private String fault(String path) {
        Answer answer = service.get(path);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(400);
        return answer.json().at("/errors/0/field").asText();
    }

    @Test
    @DisplayName("finds signals by every filter")
    void filters() {
        assertThat(found("")).hasSize(6);
        assertThat(found("type=price_cut")).containsExactlyInAnyOrder("a price_cut", "b price_cut");
        assertThat(found("type=price_cut,sold_above_list")).hasSize(3);
        assertThat(found("area=zip:43606")).containsExactlyInAnyOrder("b price_cut", "b new_listing");
        assertThat(found("area=City:Maumee,%20OH")).hasSize(2);
        assertThat(found("area=county:lucas-oh")).hasSize(6);
        assertThat(found("area=county:wood-oh")).isEmpty();
        assertThat(found("area=geohash:d")).hasSize(6);
        assertThat(found("area=geohash:dpkq")).isEmpty();
        assertThat(found("property=property-of-c")).containsExactly("c new_listing");
        assertThat(found("since=2026-03-01T12:30:00Z")).hasSize(3);
        assertThat(found("severity=high")).containsExactly("b price_cut");
        assertThat(found("severity=medium&area=zip:43604")).containsExactly("a sold_above_list");
    }

    @Test
    @DisplayName("gives every signal once over its pages, and refuses a cursor of another query")
    void pages() {
        List<String> all = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = service.get("/v2/signals?limit=2" + next).json();
            all.addAll(page.path("data").findValuesAsText("SignalId"));
            next = page.at("/page/next").isNull()
                    ? ""
                    : "&cursor=" + page.at("/page/next").asText();
        } while (!next.isEmpty());
        assertThat(all).hasSize(6).doesNotHaveDuplicates();
        String cursor =
                service.get("/v2/signals?limit=2").json().at("/page/next").asText();
        for (String path : List.of(
                "/v2/signals?type=price_cut&cursor=" + cursor,
                "/v2/signals?cursor=x" + cursor,
                "/v2/signals?cursor=nonsense")) {
            Answer refused = service.get(path);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().path("code").asText()).isEqualTo("invalid_cursor");
        }
        Answer test = service.get(service.acme.testing(), "/v2/signals?limit=2&cursor=" + cursor);
        assertThat(test.json().path("code").asText()).isEqualTo("invalid_cursor");
    }

    @Test
    @DisplayName("names what is wrong with a parameter")
    void faults() {
        assertThat(fault("/v2/signals?type=price_drop")).isEqualTo("type");
        assertThat(fault("/v2/signals?area=43604")).isEqualTo("area");
        assertThat(fault("/v2/signals?area=geohash:aaaa")).isEqualTo("area");
        assertThat(fault("/v2/signals?area=" + "x".repeat(10_000))).isEqualTo("area");
        assertThat(fault("/v2/signals?since=yesterday")).isEqualTo("since");
        assertThat(fault("/v2/signals?severity=extreme")).isEqualTo("severity");
        assertThat(fault("/v2/signals?limit=501")).isEqualTo("limit");
        assertThat(fault("/v2/markets/43604")).isEqualTo("area");
        assertThat(fault("/v2/markets/zip:43604?from=2026-13")).isEqualTo("from");
        assertThat(fault("/v2/markets/zip:43604?from=2026-03&to=2026-01")).isEqualTo("from");
        assertThat(fault("/v2/markets/zip:43604?from=0001-01&to=2026-01")).isEqualTo("from");
        assertThat(fault("/v2/markets/zip:43604?window=week")).isEqualTo("window");
    }

    @Test
    @DisplayName("tells an area's history by months, quarters and years")
    void history() {
        JsonNode months = service.get("/v2/markets/zip:43604").json().path("data");
        assertThat(months.path("Area").asText()).isEqualTo("zip:43604");
        assertThat(months.path("History").findValuesAsText("PeriodStart"))
                .containsExactly("2026-01-01", "2026-02-01", "2026-03-01");
        JsonNode march = months.path("History").get(2);
        assertThat(march.path("NewListings").asInt()).isEqualTo(1);
        assertThat(march.path("SoldListings").asInt()).isEqualTo(1);
        assertThat(march.path("PriceCuts").asInt()).isEqualTo(1);
        assertThat(march.path("Inventory").asInt()).isEqualTo(1);
        assertThat(march.path("MonthsOfSupply").decimalValue()).isEqualByComparingTo("1");
        assertThat(march.path("MedianClosePrice").decimalValue()).isEqualByComparingTo("210000");
        assertThat(march.path("MedianPricePerSquareFoot").decimalValue()).isEqualByComparingTo("131.25");
        assertThat(march.path("MeanDaysOnMarket").decimalValue()).isEqualByComparingTo("51");
        assertThat(march.path("CloseToListRatio").decimalValue()).isEqualByComparingTo("1.0553");
        assertThat(months.path("History").get(1).path("MedianClosePrice").isNull())
                .isTrue();
        JsonNode year =
                service.get("/v2/markets/county:Lucas,%20OH?window=year").json().at("/data/History");
        assertThat(year).hasSize(1);
        assertThat(year.get(0).path("NewListings").asInt()).isEqualTo(3);
        assertThat(year.get(0).path("MedianClosePrice").decimalValue()).isEqualByComparingTo("210000");
        JsonNode quarters = service.get("/v2/markets/zip:43604?window=quarter&from=2025-11&to=2026-02")
                .json()
                .at("/data/History");
        assertThat(quarters.findValuesAsText("PeriodStart")).containsExactly("2025-10-01", "2026-01-01");
        assertThat(service.get("/v2/markets/zip:43604?from=2026-02&to=2026-02")
                        .json()
                        .at("/data/History"))
                .hasSize(1);
    }

    @Test
    @DisplayName("answers 404 for an area in which no home was ever seen, with the nearest names")
    void unknownArea() {
        Answer answer = service.get("/v2/markets/zip:43605");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("detail").asText()).contains("zip:43604", "zip:43606");
        assertThat(answer.json().at("/errors/0/message").asText()).contains("zip:4360");
        assertThat(service.get("/v2/markets/city:toledoo").json().path("detail").asText())
                .contains("city:toledo-oh");
    }

    @Test
    @DisplayName("leaves out what the plan lacks, and names it")
    void plan() {
        Caller free = service.acme.with("core");
        JsonNode signals = service.get(free, "/v2/signals").json();
        assertThat(signals.at("/data/0").has("Evidence")).isFalse();
        assertThat(signals.at("/meta/absentFields").toString()).isEqualTo("[\"Latitude\",\"Longitude\",\"Evidence\"]");
        JsonNode market = service.get(free, "/v2/markets/zip:43604").json();
        assertThat(market.at("/data/History/0").has("MonthsOfSupply")).isFalse();
        assertThat(market.at("/data/History/0").has("MedianClosePrice")).isTrue();
        assertThat(market.at("/meta/absentFields").size()).isEqualTo(7);
        assertThat(service.get("/v2/signals").json().path("meta").isEmpty()).isTrue();
    }

    @Test
    @DisplayName("shows test keys the town of Sandbox and nothing else")
    void sandbox() {
        Caller testing = service.acme.testing();
        JsonNode signals = service.get(testing, "/v2/signals?limit=500").json().path("data");
        assertThat(signals.findValuesAsText("OriginatingSystemName")).containsOnly("gatehouse-sandbox");
        assertThat(signals.findValuesAsText("SignalType"))
                .contains("new_listing", "price_cut", "back_on_market", "sold_above_list");
        assertThat(service.get(testing, "/v2/markets/zip:43604").status()).isEqualTo(404);
        JsonNode year = service.get(testing, "/v2/markets/city:sandbox-oh?window=year&to=2025-12")
                .json()
                .at("/data/History/0");
        assertThat(year.path("NewListings").asInt()).isEqualTo(48);
        JsonNode one = service.get(testing, "/v2/signals?limit=1&type=price_cut&severity=medium")
                .json();
        assertThat(one.path("data")).hasSize(1);
        assertThat(service.get("/v2/markets/zip:43999").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("answers nobody whom the gateway does not vouch for")
    void guarded() {
        assertThat(service.getFromNobody("/v2/signals").status()).isEqualTo(401);
        assertThat(service.getFromNobody("/internal/alerts").status()).isEqualTo(401);
    }
}
