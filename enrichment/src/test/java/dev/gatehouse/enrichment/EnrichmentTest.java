package dev.gatehouse.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.identity.InternalHeaders;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EnrichmentTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int HOMES = 900;

    private final TestTown town = new TestTown(7);
    private final EnrichmentForTests service;

    EnrichmentTest() throws SQLException, IOException {
        List<DomainEvent> before = new ArrayList<>(town.sales(HOMES));
        for (String unit : List.of("1", "2")) {
            before.add(town.event(
                    DomainEvent.SALE_RECORDED,
                    town.sale(5_000 + Integer.parseInt(unit), "77 Tower Pl", "Apt " + unit, "test-county", "Closed")));
        }
        service = new EnrichmentForTests(before);
        await().atMost(SOON)
                .until(() -> service.get("/v2/enrichment?PropertyKey=home-1").status() == 200);
        await().atMost(SOON)
                .until(() -> service.get("/v2/enrichment?PropertyKey=home-1")
                        .json()
                        .at("/data/valuation/value")
                        .isNumber());
    }

    @AfterAll
    void close() {
        service.close();
    }

    @Test
    @DisplayName("a home by its key has facts, the area's figures, and a value whose comparables add up to it")
    void whole() {
        Answer answer = service.get("/v2/enrichment?PropertyKey=home-14");
        JsonNode data = answer.json().path("data");
        assertThat(answer.header(InternalHeaders.COST)).isEqualTo("2");
        assertThat(data.path("UnparsedAddress").asText()).isEqualTo("102 Main St");
        assertThat(data.path("TaxAssessedValue").asInt()).isEqualTo(50_000);
        assertThat(data.at("/area/area").asText()).isEqualTo("zip:43999");
        assertThat(data.at("/area/sales").asInt()).isGreaterThan(100);
        JsonNode valuation = data.path("valuation");
        double value = valuation.path("value").asDouble();
        assertThat(valuation.path("low").asDouble()).isLessThan(value);
        assertThat(valuation.path("high").asDouble()).isGreaterThan(value);
        assertThat(valuation.at("/model/version").asText()).startsWith("test-oh.");
        double log = 0;
        double weights = 0;
        for (JsonNode comparable : valuation.path("comparables")) {
            assertThat(comparable.path("PropertyKey").asText()).isNotEqualTo("home-14");
            log += comparable.path("weight").asDouble()
                    * Math.log(comparable.path("adjustedPrice").asDouble());
            weights += comparable.path("weight").asDouble();
        }
        assertThat(weights).isCloseTo(1, within(0.001));
        assertThat(Math.exp(log)).isCloseTo(value, within(value * 0.005));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("an address is found however it is written, with one typo, too")
    @ValueSource(
            strings = {
                "102 Main St, Testville, OH 43999",
                "102 MAIN STREET",
                "102 main st. testville ohio",
                "102 Mian St, Testvile",
                "102 Mai St, 43999"
            })
    void addresses(String address) {
        Answer answer = service.byAddress(address);
        assertThat(answer.json().at("/data/PropertyKey").asText())
                .as(answer.raw().body())
                .isEqualTo("home-14");
        assertThat(answer.json().at("/meta/match/score").asDouble()).isGreaterThan(0.7);
    }

    @Test
    @DisplayName("an ambiguous address gets candidates with scores and no home, for one unit")
    void ambiguous() {
        for (String address : List.of("102 Maple Dr", "77 Tower Place, Testville")) {
            Answer answer = service.byAddress(address);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("data").isNull()).isTrue();
            assertThat(answer.json().path("candidates").size()).isEqualTo(2);
            assertThat(answer.json().at("/candidates/0/score").asDouble()).isBetween(0.5, 1.0);
            assertThat(answer.json().at("/meta/match/status").asText()).isEqualTo("ambiguous");
            assertThat(answer.header(InternalHeaders.COST)).isEqualTo("1");
        }
        assertThat(service.byAddress("77 Tower Pl #2")
                        .json()
                        .at("/data/UnitNumber")
                        .asText())
                .isEqualTo("Apt 2");
    }

    @Test
    @DisplayName("what is not known is not found and costs nothing")
    void notFound() {
        for (String query :
                List.of("address=9999+Main+St", "PropertyKey=nobody", "lat=10&lon=10", "address=77+Tower+Pl+Apt+9")) {
            Answer answer = service.get("/v2/enrichment?" + query);
            assertThat(answer.status()).as(query).isEqualTo(404);
            assertThat(answer.header(InternalHeaders.COST)).as(query).isEqualTo("0");
            assertThat(answer.json().path("requestId").asText()).as(query).isNotEmpty();
        }
    }

    @Test
    @DisplayName("a place leads to the home that stands there")
    void places() {
        JsonNode home = service.get("/v2/enrichment?PropertyKey=home-20").json().path("data");
        JsonNode found = service.get(
                        "/v2/enrichment?lat=" + (home.path("Latitude").asDouble() + 0.00001) + "&lon="
                                + home.path("Longitude").asDouble())
                .json();
        assertThat(found.at("/data/PropertyKey").asText()).isEqualTo("home-20");
        assertThat(found.at("/meta/match/by").asText()).isEqualTo("place");
    }

    @Test
    @DisplayName("what makes no sense is refused with the field and what would be right")
    void badInput() {
        record Bad(String query, String field, String words) {}
        for (Bad bad : List.of(
                new Bad("", "address", "is missing"),
                new Bad("lat=91&lon=0", "lat", "off the earth"),
                new Bad("lat=1&lon=-181", "lon", "off the earth"),
                new Bad("lat=1", "lon", "a place needs both"),
                new Bad("lat=x&lon=1", "lat", "must be a number"),
                new Bad("lat=1&lon=1&PropertyKey=home-1", "address", "give either"),
                new Bad("address=Main+Street", "address", "house number"),
                new Bad("address=" + "1+a".repeat(120), "address", "300"),
                new Bad("adress=1+Main+St", "adress", "did you mean address"))) {
            Answer answer = service.get("/v2/enrichment?" + bad.query());
            assertThat(answer.status()).as(bad.query()).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/field").asText())
                    .as(answer.raw().body())
                    .isEqualTo(bad.field());
            assertThat(answer.json().at("/errors/0/message").asText()).contains(bad.words());
        }
        for (String path : List.of("/v2/enrichment", "/v1/enrich")) {
            Answer long10 = service.get(path + "?address=1+" + "a".repeat(10_240));
            assertThat(long10.status()).isEqualTo(400);
            assertThat(long10.json().at("/errors/0/field").asText()).isEqualTo("address");
        }
        assertThat(service.fromNobody("/v2/enrichment?PropertyKey=home-1").status())
                .isEqualTo(401);
    }

    @Test
    @DisplayName("fields outside of the caller's plan are absent and named, and what is not worked out is not paid for")
    void plans() {
        Answer answer = service.get(Caller.live().with("core"), "/v2/enrichment?PropertyKey=home-1");
        JsonNode data = answer.json().path("data");
        assertThat(data.has("valuation") || data.has("Latitude") || data.has("TaxAssessedValue"))
                .isFalse();
        assertThat(answer.json().at("/meta/absentFields"))
                .extracting(JsonNode::asText)
                .containsExactly("Latitude", "Longitude", "TaxAssessedValue", "valuation");
        assertThat(answer.header(InternalHeaders.COST)).isEqualTo("1");
        assertThat(service.get(Caller.live().with("core", "valuation"), "/v2/enrichment?PropertyKey=home-1")
                        .json()
                        .at("/data/valuation/value")
                        .isNumber())
                .isTrue();
    }

    @Test
    @DisplayName("test keys see the sandbox as it is documented, and nothing else")
    void sandbox() {
        Caller caller = Caller.live().testing();
        JsonNode found = service.get(caller, "/v2/enrichment?address=100+Sandbox+Street,+Sandbox,+OH+43999")
                .json();
        assertThat(found.at("/data/PropertyKey").asText()).isEqualTo("sandbox-property-01");
        assertThat(found.at("/data/valuation/comparables").findValuesAsText("ListingKey"))
                .hasSize(4)
                .allMatch(key -> key.startsWith("sandbox-listing-"))
                .doesNotContain("sandbox-listing-01");
        JsonNode apartments =
                service.get(caller, "/v2/enrichment?address=146+Sandbox+St").json();
        assertThat(apartments.path("candidates").findValuesAsText("PropertyKey"))
                .containsExactly("sandbox-property-47", "sandbox-property-48");
        assertThat(service.get(caller, "/v2/enrichment?address=146+Sandbox+St+Apt+2")
                        .json()
                        .at("/data/PropertyKey")
                        .asText())
                .isEqualTo("sandbox-property-48");
        assertThat(service.get(caller, "/v2/enrichment?lat=41.61&lon=-83.51")
                        .json()
                        .at("/data/PropertyKey")
                        .asText())
                .isEqualTo("sandbox-property-11");
        assertThat(service.get(caller, "/v2/enrichment?PropertyKey=sandbox-property-40")
                        .json()
                        .at("/meta/unvalued")
                        .asText())
                .isEqualTo("facts_missing");
        assertThat(service.get(caller, "/v2/enrichment?address=9+Sandbox+St").status())
                .isEqualTo(404);
        assertThat(service.get(caller, "/v2/enrichment?PropertyKey=home-1").status())
                .isEqualTo(404);
        assertThat(service.get("/v2/enrichment?PropertyKey=sandbox-property-01").status())
                .isEqualTo(404);
        assertThat(service.byAddress("100 Sandbox St, Sandbox, OH").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("v1 tells the same home in its older shape")
    void old() {
        JsonNode now = service.get("/v2/enrichment?PropertyKey=home-14").json().path("data");
        JsonNode before = service.get("/v1/enrich?id=home-14").json();
        assertThat(before.path("estimate").asInt())
                .isEqualTo(now.at("/valuation/value").asInt());
        assertThat(before.path("sqft").decimalValue())
                .isEqualTo(now.path("LivingArea").decimalValue());
        assertThat(service.get("/v1/enrich?address=77+Tower+Pl")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("ambiguous");
        assertThat(service.get("/v1/enrich?id=nobody").status()).isEqualTo(404);
        assertThat(service.get("/v1/enrich?lat=99&lng=0").status()).isEqualTo(400);
    }

    @Test
    @DisplayName("a new sale is a home's last sale at once, and a simulated one never is anything")
    void follows() {
        ListingState sold = TestTown.state(
                "sale-new",
                "home-new",
                "test-county",
                "Closed",
                123_456,
                LocalDate.of(2023, 2, 1),
                "500 New St",
                null,
                41.01,
                -82.99,
                1_500,
                1990);
        ListingState simulated = TestTown.state(
                "sim-1",
                "home-new",
                ListingState.SIMULATOR,
                "Closed",
                999_999,
                LocalDate.of(2023, 3, 1),
                "500 New St",
                null,
                41.01,
                -82.99,
                1_500,
                1990);
        service.feed.add(town.event(DomainEvent.SALE_RECORDED, sold), town.event(DomainEvent.SALE_RECORDED, simulated));
        await().atMost(SOON)
                .until(() -> service.get("/v2/enrichment?PropertyKey=home-new").status() == 200);
        JsonNode data = service.byAddress("500 New Street").json().path("data");
        assertThat(data.path("ClosePrice").asInt()).isEqualTo(123_456);
        assertThat(data.path("OriginatingSystemName").asText()).isEqualTo("test-county");
        assertThat(data.path("valuation").toString()).doesNotContain("sim-1");
    }

    @Test
    @DisplayName("a value that was worked out is worked out anew when a home like it is sold next door")
    void revalued() {
        JsonNode home = service.get("/v2/enrichment?PropertyKey=home-20").json().path("data");
        assertThat(home.at("/valuation/comparables").toString()).doesNotContain("sale-twin");
        service.feed.add(town.event(
                DomainEvent.SALE_RECORDED,
                TestTown.state(
                        "sale-twin",
                        "home-twin",
                        "test-county",
                        "Closed",
                        home.at("/valuation/value").asDouble(),
                        LocalDate.of(2022, 12, 30),
                        "900 Twin St",
                        null,
                        home.path("Latitude").asDouble(),
                        home.path("Longitude").asDouble(),
                        home.path("LivingArea").asDouble(),
                        home.path("YearBuilt").asInt())));
        // well within the minute for which it is kept
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get("/v2/enrichment?PropertyKey=home-20")
                        .json()
                        .at("/data/valuation/comparables")
                        .toString()
                        .contains("sale-twin"));
    }

    @Test
    @DisplayName("retraining takes a new version into use, and answers name it")
    void retrains() {
        ListingState more = town.sale(7_000, "700 Main St", null, "test-county", "Closed");
        service.feed.add(town.event(DomainEvent.SALE_RECORDED, more));
        await().atMost(SOON)
                .until(() -> service.get("/v2/enrichment?PropertyKey=home-7000").status() == 200);
        String before = version();
        Answer answer = service.internal("POST", "/internal/enrichment/train");
        assertThat(answer.json().path("models")).hasSize(1);
        assertThat(version())
                .isNotEqualTo(before)
                .isEqualTo(answer.json().at("/models/0").asText());
    }

    private String version() {
        return service.get("/v2/enrichment?PropertyKey=home-1")
                .json()
                .at("/data/valuation/model/version")
                .asText();
    }
}
