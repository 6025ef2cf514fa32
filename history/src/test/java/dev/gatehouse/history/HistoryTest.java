package dev.gatehouse.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.history.FeedByHand.Home;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.json.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("A home's history")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class HistoryTest {
    private static final String HOME = "/v2/properties/home-1/history";

    private HistoryForTests service;

    @BeforeAll
    void start() throws Exception {
        service = new HistoryForTests();
        Home home = new Home("home-1", "Toledo", "test", "90000");
        Home later = new Home("home-1", "Toledo", "test", "120000");
        // told in another order than it happened, as imports do
        service.feed.sold(later, "sale-2", "210000", LocalDate.of(2019, 5, 6));
        service.feed.sold(home, "sale-1", "150000.00", LocalDate.of(2012, 3, 4));
        service.feed.listed(home, "list-3", "260000", LocalDate.of(2025, 1, 2));
        service.feed.repriced(home, "list-3", "260000", "250000", Instant.parse("2025-02-01T10:00:00Z"));
        service.feed.moved(home, "list-3", "Active", "Pending", Instant.parse("2025-02-10T10:00:00Z"));
        service.feed.moved(home, "list-3", "Pending", "Active", Instant.parse("2025-02-20T10:00:00Z"));
        service.feed.moved(home, "list-3", "Active", "ActiveUnderContract", Instant.parse("2025-02-21T10:00:00Z"));
        service.feed.updated(home, "list-3", new FieldChange("LivingArea", "1500", "1620"));
        // another home, whose listing is told to be of the first later
        service.feed.sold(Home.of("home-2"), "sale-9", "99000", LocalDate.of(2001, 1, 1));
        service.feed.updated(home, "sale-9", new FieldChange("PropertyKey", "home-2", "home-1"));
        service.feed.transferred(Home.of("home-7"), "deed-2", LocalDate.of(2017, 8, 30));
        service.feed.sold(Home.of("home-7"), "deed-1", "310000", LocalDate.of(2017, 5, 14));
        // simulated sales and what is no event of a home
        service.feed.sold(
                new Home("home-1", "Toledo", ListingState.SIMULATOR, null), "sim-1", "1", LocalDate.of(2026, 1, 1));
        service.feed.add(
                DomainEvent.SIGNAL_RAISED,
                "x",
                FeedByHand.RECORDED,
                home.state("x", "Active", "1", null, null, null, null, null, List.of()));
        service.caughtUp();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static List<String> told(Answer answer) {
        List<String> told = new ArrayList<>();
        for (JsonNode entry : answer.json().path("data")) {
            told.add(entry.path("ModificationTimestamp").asText().substring(0, 10) + " "
                    + entry.path("ChangeType").asText() + " "
                    + entry.path("FieldName").asText() + " "
                    + entry.path("PreviousValue").asText() + ">"
                    + entry.path("NewValue").asText());
        }
        return told;
    }

    @Test
    @DisplayName("keeps a deed without a price as a transfer, in its place among the sales")
    void transfers() {
        assertThat(told(service.get("/v2/properties/home-7/history/sales")))
                .containsExactly(
                        "2017-05-14 Closed ClosePrice null>310000", "2017-08-30 Transfer TransferDate null>2017-08-30");
    }

    @Test
    @DisplayName("is one timeline of imported sales and of what happened on the market, in the order of the days")
    void timeline() {
        assertThat(told(service.get(HOME)))
                .containsExactly(
                        "2001-01-01 Closed ClosePrice null>99000",
                        "2012-03-04 Closed ClosePrice null>150000",
                        "2012-03-04 Assessment TaxAssessedValue 120000>90000",
                        "2019-05-06 Closed ClosePrice null>210000",
                        "2019-05-06 Assessment TaxAssessedValue null>120000",
                        "2025-01-02 New Listing StandardStatus null>Active",
                        "2025-01-02 New Listing ListPrice null>260000",
                        "2025-02-01 Price Change ListPrice 260000>250000",
                        "2025-02-10 Pending StandardStatus Active>Pending",
                        "2025-02-20 Back On Market StandardStatus Pending>Active",
                        "2025-02-21 Active Under Contract StandardStatus Active>ActiveUnderContract",
                        "2026-01-01 Closed ClosePrice null>1",
                        "2026-03-01 Changed LivingArea 1500>1620",
                        "2026-03-01 Changed PropertyKey home-2>home-1");
        assertThat(told(service.get(HOME + "?orderBy=-ModificationTimestamp&limit=1")))
                .containsExactly("2026-03-01 Changed PropertyKey home-2>home-1");
    }

    @Test
    @DisplayName("in parts is the listings, the prices, the sales and the assessments")
    void parts() {
        assertThat(told(service.get(HOME + "/sales"))).hasSize(4).allMatch(text -> text.contains("Closed ClosePrice"));
        assertThat(told(service.get(HOME + "/price"))).hasSize(2).allMatch(text -> text.contains("ListPrice"));
        assertThat(told(service.get(HOME + "/listing"))).hasSize(4).allMatch(text -> text.contains("StandardStatus"));
        assertThat(told(service.get(HOME + "/tax"))).hasSize(2);
        assertThat(service.get(HOME + "/deeds").status()).isEqualTo(400);
    }

    @Test
    @DisplayName("between two days is what happened on them and between them")
    void fromTo() {
        assertThat(told(service.get(HOME + "/sales?from=2012-03-04&to=2019-05-06")))
                .hasSize(2);
        assertThat(told(service.get(HOME + "/sales?from=2012-03-05"))).hasSize(2);
        Answer wrong = service.get(HOME + "?from=2019-01-01&to=2018-01-01");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/errors/0/field").asText()).isEqualTo("from");
        assertThat(service.get(HOME + "?from=yesterday").status()).isEqualTo(400);
    }

    @Test
    @DisplayName("comes page by page, each entry once, and a cursor of another question is refused")
    void pages() {
        List<String> all = told(service.get(HOME));
        for (String order : List.of("ModificationTimestamp", "-ModificationTimestamp")) {
            List<String> paged = new ArrayList<>();
            String cursor = "";
            do {
                Answer page = service.get(HOME + "?limit=3&includeTotal=true&orderBy=" + order + cursor);
                assertThat(page.json().at("/page/total").asInt()).isEqualTo(all.size());
                paged.addAll(told(page));
                String next = page.json().at("/page/next").asText();
                cursor = next.equals("null") ? "" : "&cursor=" + next;
            } while (!cursor.isEmpty());
            assertThat(paged).isEqualTo(order.startsWith("-") ? all.reversed() : all);
        }
        String cursor = service.get(HOME + "?limit=2").json().at("/page/next").asText();
        assertThat(service.get(HOME + "/sales?limit=2&cursor=" + cursor)
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("invalid_cursor");
        assertThat(service.get(HOME + "?cursor=AAAA").status()).isEqualTo(400);
    }

    @Test
    @DisplayName("that is not known is not found, and an empty part of a known one is empty")
    void unknown() {
        assertThat(service.get("/v2/properties/nowhere/history").status()).isEqualTo(404);
        Answer empty = service.get("/v2/properties/home-2/history/price");
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.json().path("data")).isEmpty();
    }

    @Test
    @DisplayName("has an index only where homes are known, from one month to a later one; else it says what is wrong")
    void indexFaults() {
        Answer nowhere = service.get("/v2/markets/city:toleod-oh/price-index");
        assertThat(nowhere.status()).isEqualTo(404);
        assertThat(nowhere.json().path("detail").asText()).contains("city:toledo-oh");
        for (String query : List.of("?from=2020-02&to=2020-01", "?from=2020-13", "?from=2020")) {
            Answer wrong = service.get("/v2/markets/city:toledo-oh/price-index" + query);
            assertThat(wrong.status()).as(query).isEqualTo(400);
            assertThat(wrong.json().at("/errors/0/field").asText()).isEqualTo("from");
        }
        Answer form = service.get("/v2/markets/43604/price-index");
        assertThat(form.status()).isEqualTo(400);
        assertThat(form.json().at("/errors/0/field").asText()).isEqualTo("area");
    }

    @Test
    @DisplayName("leaves out what the caller's plan lacks, and names it")
    void plan() {
        Answer core = service.get(HOME, KeyMode.LIVE, Set.of("core"));
        assertThat(core.json().at("/meta/absentFields").toString())
                .isEqualTo("[\"PreviousValue\",\"TaxAssessedValue\"]");
        for (JsonNode entry : core.json().path("data")) {
            assertThat(entry.has("PreviousValue")).isFalse();
            assertThat(entry.has("NewValue"))
                    .isEqualTo(!entry.path("FieldName").asText().equals("TaxAssessedValue"));
        }
        assertThat(service.get(HOME, KeyMode.LIVE, Set.of("core", "history"))
                        .json()
                        .at("/meta/absentFields")
                        .toString())
                .isEqualTo("[\"TaxAssessedValue\"]");
    }

    @Test
    @DisplayName("in the older shape is found by a listing's id")
    void olderShape() {
        JsonNode found =
                service.get("/v1/history?id=sale-1&type=sale&per_page=2").json();
        assertThat(found.path("total").asInt()).isEqualTo(4);
        assertThat(found.path("pages").asInt()).isEqualTo(2);
        assertThat(found.at("/results/1").toString())
                .isEqualTo(
                        "{\"id\":\"sale-2\",\"date\":\"2019-05-06\",\"type\":\"sale\",\"event\":\"Closed\",\"old\":null,"
                                + "\"new\":\"210000\"}");
        assertThat(service.get("/v1/history?id=nothing").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("is the sandbox's for test-mode keys, always the same, and nothing real")
    void sandbox() {
        Answer sandbox = service.get("/v2/properties/sandbox-property-01/history", KeyMode.TEST, Set.of("*"));
        assertThat(told(sandbox)).isNotEmpty().first().asString().startsWith("2025-01-06 New Listing");
        assertThat(service.get(HOME, KeyMode.TEST, Set.of("*")).status()).isEqualTo(404);
        assertThat(service.get("/v2/properties/sandbox-property-01/history").status())
                .isEqualTo(404);
        JsonNode index = service.get("/v2/markets/zip:43999/price-index", KeyMode.TEST, Set.of("*"))
                .json();
        assertThat(index.at("/data/months")).hasSizeGreaterThan(20);
        assertThat(index.at("/data/months/24/reason").asText()).isEqualTo("insufficient data");
    }

    @Test
    @DisplayName("stays the same when the service starts again, and when it is filled anew from the feed")
    void again() throws Exception {
        List<String> before = told(service.get(HOME));
        service.restart();
        service.caughtUp();
        assertThat(told(service.get(HOME))).isEqualTo(before);
        try (HistoryForTests other = new HistoryForTests()) {
            for (DomainEvent event : service.feed.after(0, 1_000).events()) {
                other.feed.add(
                        event.type(), event.subject(), event.occurredAt(), Json.read(event.data(), ListingState.class));
            }
            other.caughtUp();
            assertThat(told(other.get(HOME))).isEqualTo(before);
        }
    }
}
