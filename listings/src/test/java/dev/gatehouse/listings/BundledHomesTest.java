package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.ServiceForTests.Answer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The bundled homes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class BundledHomesTest {
    private ListingsForTests service;
    private ImportReport report;

    @BeforeAll
    void load() throws Exception {
        service = new ListingsForTests();
        long start = System.nanoTime();
        report = service.module.loadBundled(ImportProgress.SILENT).orElseThrow();
        System.out.println("loaded in ms: " + (System.nanoTime() - start) / 1_000_000);
    }

    @AfterAll
    void close() {
        service.close();
    }

    private static List<JsonNode> data(Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return StreamSupport.stream(answer.json().path("data").spliterator(), false)
                .toList();
    }

    @Test
    @DisplayName("are all there, loaded once")
    void all() {
        assertThat(report.read()).isEqualTo(25_357);
        assertThat(report.accepted()
                        + report.unchanged()
                        + report.duplicates()
                        + report.rejected().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                .isEqualTo(report.read());
        assertThat(report.rejected()).isEmpty();
        assertThat(report.accepted()).isEqualTo(25_357);
        assertThat(service.module.loadBundled(ImportProgress.SILENT)).isEmpty();
    }

    @Test
    @DisplayName("each say what its row says")
    void one() {
        JsonNode listing = data(service.get("/v2/listings?bbox=-83.87964,41.41689,-83.87963,41.4169"))
                .getFirst();
        assertThat(listing.path("ClosePrice").decimalValue()).isEqualByComparingTo("303000");
        assertThat(listing.path("CloseDate").asText()).isEqualTo("1996-04-23");
        assertThat(listing.path("StandardStatus").asText()).isEqualTo("Closed");
        assertThat(listing.path("StoriesTotal").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(listing.path("BathroomsTotalInteger").asInt()).isEqualTo(4);
        assertThat(listing.path("UnparsedAddress").isNull()).isTrue();
        assertThat(listing.path("CountyOrParish").asText()).isEqualTo("Lucas");
        String key = listing.path("ListingKey").asText();
        assertThat(service.get("/v2/listings/" + key).json().path("data")).isEqualTo(listing);
        JsonNode old = service.get("/v1/listings/" + key).json();
        assertThat(old.path("price").decimalValue()).isEqualByComparingTo("303000");
        assertThat(old.path("status").asText()).isEqualTo("sold");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bbox=-83.8,41.5,-83.45,41.75",
                "near=41.65,-83.6&radius=12000",
                "polygon=-83.8 41.5,-83.4 41.5,-83.45 41.75,-83.8 41.7"
            })
    @DisplayName(
            "of an area that holds most of them are the same by the page, for which the order is followed, as by the count")
    void crowded(String area) {
        Set<String> seen = new HashSet<>();
        String cursor = "";
        int total;
        do {
            Answer answer = service.get("/v2/listings?limit=500&includeTotal=true&orderBy=-ClosePrice&"
                    + area.replace(" ", "%20") + cursor);
            data(answer)
                    .forEach(listing -> assertThat(
                                    seen.add(listing.path("ListingKey").asText()))
                            .isTrue());
            JsonNode page = answer.json().path("page");
            total = page.path("total").asInt();
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(seen).hasSize(total).hasSizeGreaterThan(7_000);
    }

    @Test
    @DisplayName("come page by page in the asked order, each once")
    void pages() {
        for (String order : List.of("ListingKey", "-ClosePrice", "CloseDate", "-ModificationTimestamp", "YearBuilt")) {
            Set<String> seen = new HashSet<>();
            List<BigDecimal> prices = new ArrayList<>();
            String cursor = "";
            do {
                Answer answer = service.get(
                        "/v2/listings?minPrice=250000&limit=500&includeTotal=true&orderBy=" + order + cursor);
                data(answer).forEach(listing -> {
                    assertThat(seen.add(listing.path("ListingKey").asText())).isTrue();
                    prices.add(listing.path("ClosePrice").decimalValue());
                });
                JsonNode page = answer.json().path("page");
                cursor = page.path("next").isNull()
                        ? ""
                        : "&cursor=" + page.path("next").asText();
                assertThat(page.path("total").asInt()).isGreaterThanOrEqualTo(seen.size());
                if (cursor.isEmpty()) {
                    assertThat(page.path("total").asInt()).isEqualTo(seen.size());
                }
            } while (!cursor.isEmpty());
            if (order.equals("-ClosePrice")) {
                assertThat(prices).isSortedAccordingTo((a, b) -> b.compareTo(a));
            }
            assertThat(seen).hasSizeGreaterThan(500);
        }
    }

    @Test
    @DisplayName("are answered from a cache that a change empties at once")
    void neverStale() {
        String key = data(service.get("/v2/listings?limit=1&orderBy=-LotSizeSquareFeet"))
                .getFirst()
                .path("ListingKey")
                .asText();
        Answer first = service.get("/v2/listings/" + key);
        assertThat(service.get("/v2/listings/" + key, "If-None-Match", first.header("etag"))
                        .status())
                .isEqualTo(304);
        assertThat(service.putInternal("/internal/listings/" + key + "/status", "{\"status\":\"Active\"}")
                        .status())
                .isEqualTo(204);
        assertThat(service.putInternal("/internal/listings/" + key + "/price", "{\"price\":123456}")
                        .status())
                .isEqualTo(204);
        Answer now = service.get("/v2/listings/" + key, "If-None-Match", first.header("etag"));
        assertThat(now.status()).isEqualTo(200);
        assertThat(now.json().at("/data/ListPrice").decimalValue()).isEqualByComparingTo("123456");
        assertThat(service.eventTypes()).endsWith("listing.status_changed", "listing.price_changed");
        long before = service.eventTypes().size();
        service.putInternal("/internal/listings/" + key + "/price", "{\"price\":123456.00}");
        assertThat(service.eventTypes()).hasSize((int) before);
    }

    @Test
    @DisplayName("are refused to a call that no gateway vouches for")
    void vouched() {
        assertThat(service.getFromNobody("/v2/listings").status()).isEqualTo(401);
        assertThat(service.getFromNobody("/internal/listings/x/price").status()).isEqualTo(401);
    }
}
