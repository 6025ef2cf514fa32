package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.sandbox.SandboxHomes;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("A test-mode key")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SandboxTest {
    private static final int TOWN = 13_622;

    private ListingsForTests service;

    @BeforeAll
    void start() throws Exception {
        service = new ListingsForTests();
        service.module.loadTown();
    }

    @AfterAll
    void close() {
        service.close();
    }

    @Test
    @DisplayName("finds the sandbox's homes and no other, whatever it searches by, page by page")
    void search() {
        List<String> keys = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = service.getTesting("/v2/listings?limit=20&includeTotal=true" + next)
                    .json();
            assertThat(page.at("/page/total").asInt()).isEqualTo(48);
            assertThat(page.path("data").findValuesAsText("OriginatingSystemName"))
                    .containsOnly(SandboxHomes.SOURCE);
            keys.addAll(page.path("data").findValuesAsText("ListingKey"));
            next = page.at("/page/next").isNull()
                    ? ""
                    : "&cursor=" + page.at("/page/next").asText();
        } while (!next.isEmpty());
        assertThat(keys)
                .isEqualTo(SandboxHomes.listings().stream()
                        .map(ListingState::listingKey)
                        .toList());
        assertThat(total("status=Active")).isEqualTo(6);
        assertThat(total("status=Closed&minPrice=200000&near=41.61,-83.51&radius=700"))
                .isBetween(1, 10);
        assertThat(total("county=Fallow")).isZero();
        assertThat(service.getTesting("/v1/listings?zip=43999&status=sold")
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(42);
    }

    private int total(String query) {
        return service.getTesting("/v2/listings?includeTotal=true&" + query)
                .json()
                .at("/page/total")
                .asInt();
    }

    @Test
    @DisplayName("is answered by key what the sandbox says of that home, in both shapes")
    void byKey() {
        for (ListingState home : SandboxHomes.listings()) {
            JsonNode shown = service.getTesting("/v2/listings/" + home.listingKey())
                    .json()
                    .path("data");
            JsonNode said = Json.tree(Json.text(home));
            shown.fields().forEachRemaining(field -> {
                JsonNode expected = said.path(field.getKey());
                if (field.getValue().isNumber()) {
                    assertThat(field.getValue().decimalValue())
                            .as(field.getKey())
                            .isEqualByComparingTo(expected.decimalValue());
                } else {
                    assertThat(field.getValue().asText()).as(field.getKey()).isEqualTo(expected.asText("null"));
                }
            });
        }
        assertThat(service.getTesting("/v1/listings/sandbox-listing-48").raw().body())
                .isEqualTo("{\"id\":\"sandbox-listing-48\",\"address\":\"146 Sandbox Street\",\"zip\":\"43999\","
                        + "\"price\":179000.00,\"beds\":3,\"baths\":2,\"sqft\":1420.00,\"status\":\"active\"}");
        String real = service.get("/v2/listings?limit=1")
                .json()
                .at("/data/0/ListingKey")
                .asText();
        assertThat(service.getTesting("/v2/listings/" + real).status()).isEqualTo(404);
        assertThat(service.getTesting("/v1/listings/" + real).status()).isEqualTo(404);
    }

    @Test
    @DisplayName(
            "sees what no live key ever finds, be it asked for first or in the same words, nor any consumer of events")
    void apart() {
        assertThat(service.getTesting("/v2/listings/sandbox-listing-01").status())
                .isEqualTo(200);
        assertThat(service.get("/v2/listings/sandbox-listing-01").status()).isEqualTo(404);
        assertThat(service.get("/v1/listings/sandbox-listing-01").status()).isEqualTo(404);
        String everything = "/v2/listings?limit=1&includeTotal=true";
        assertThat(service.getTesting(everything).json().at("/page/total").asInt())
                .isEqualTo(48);
        assertThat(service.get(everything).json().at("/page/total").asInt()).isEqualTo(TOWN);
        assertThat(service.get("/v2/listings?postalCode=43999").json().path("data"))
                .isEmpty();
        assertThat(service.getInternal("/internal/listings/snapshot").raw().body())
                .doesNotContain("sandbox");
        assertThat(service.sql("SELECT count(*) FROM listings.outbox WHERE events::text LIKE '%sandbox%'"))
                .containsExactly("0");
    }

    @Test
    @DisplayName("cannot go on with a live key's cursor, nor a live key with its")
    void cursors() {
        String live =
                service.get("/v2/listings?limit=1").json().at("/page/next").asText();
        String testing = service.getTesting("/v2/listings?limit=1")
                .json()
                .at("/page/next")
                .asText();
        assertThat(service.getTesting("/v2/listings?limit=1&cursor=" + live)
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("invalid_cursor");
        assertThat(service.get("/v2/listings?limit=1&cursor=" + testing)
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("invalid_cursor");
    }
}
