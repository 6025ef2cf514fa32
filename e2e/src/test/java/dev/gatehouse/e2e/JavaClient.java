package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.harness.Launcher;
import dev.gatehouse.e2e.harness.Topology;
import dev.gatehouse.engines.FreePort;
import dev.gatehouse.sdk.Gatehouse;
import dev.gatehouse.sdk.alert.Alert;
import dev.gatehouse.sdk.alert.AlertFilter;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.One;
import dev.gatehouse.sdk.call.Page;
import dev.gatehouse.sdk.call.RefusedException;
import dev.gatehouse.sdk.call.RetryPolicy;
import dev.gatehouse.sdk.call.UnreachableException;
import dev.gatehouse.sdk.enrichment.Asked;
import dev.gatehouse.sdk.enrichment.Batch;
import dev.gatehouse.sdk.enrichment.BatchRow;
import dev.gatehouse.sdk.enrichment.Enriched;
import dev.gatehouse.sdk.history.Change;
import dev.gatehouse.sdk.history.Part;
import dev.gatehouse.sdk.history.PriceIndex;
import dev.gatehouse.sdk.listing.Listing;
import dev.gatehouse.sdk.listing.ListingQuery;
import dev.gatehouse.sdk.market.Market;
import dev.gatehouse.sdk.market.Window;
import dev.gatehouse.sdk.signal.Signal;
import dev.gatehouse.sdk.signal.SignalQuery;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The Java client against the real program. */
abstract class JavaClient extends WholeThread {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration FILLED = Duration.ofMinutes(4);

    JavaClient(Topology topology) {
        super(topology);
    }

    private String base() {
        return topology().status().at("/gateway/url").asText();
    }

    private Gatehouse client() {
        return Gatehouse.at(base(), topology().status().at("/demo/key").asText());
    }

    private Gatehouse patient(String key, List<Duration> waits) {
        return Gatehouse.with(new Caller.Settings(
                URI.create(base()), key, TIMEOUT, RetryPolicy.usual(), InstantSource.system(), wait -> {
                    waits.add(wait);
                    Thread.sleep(wait);
                }));
    }

    @Test
    @DisplayName("the Java client gives the homes of all pages as one stream, each once, and one by its key")
    void pagesAsStream() {
        ListingQuery query = ListingQuery.all().county("Lucas").minPrice(100_000);
        List<Listing> homes = client().listings().search(query).limit(450).toList();
        assertThat(homes).extracting(Listing::listingKey).hasSize(450).doesNotHaveDuplicates();
        assertThat(homes).allSatisfy(home -> {
            assertThat(home.countyOrParish()).isEqualTo("Lucas");
            assertThat(home.closePrice()).isNotNull();
        });
        One<Listing> one = client().listings().get(homes.getFirst().listingKey());
        assertThat(one.data().propertyKey()).isEqualTo(homes.getFirst().propertyKey());
        assertThat(one.absentFields()).contains("TaxAssessedValue");
        assertThat(one.data().taxAssessedValue()).isNull();
        Page<Listing> page = client().listings().page(query, null, 3);
        assertThat(page.data()).hasSize(3);
        assertThat(page.next()).isNotNull();
    }

    @Test
    @DisplayName("the Java client reads market figures and signals as types, and what an unknown area may have meant")
    void markets() {
        // a new service is filled from a snapshot of all homes first
        await().atMost(FILLED)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(sold1996().soldListings()).isGreaterThan(3_000));
        assertThat(sold1996()).satisfies(year -> {
            assertThat(year.medianClosePrice())
                    .isBetween(java.math.BigDecimal.valueOf(40_000), java.math.BigDecimal.valueOf(120_000));
        });
        assertThat(client().signals()
                        .list(SignalQuery.all().area("county:lucas-oh"))
                        .limit(3)
                        .toList())
                .extracting(Signal::countyOrParish)
                .allMatch("Lucas"::equals);
        assertThatThrownBy(() -> client().markets().get("county:lucsa-oh"))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("not_found");
                    assertThat(refused).hasMessageContaining("county:lucas-oh").hasMessageContaining("req_");
                });
    }

    private Market.Period sold1996() {
        Market market = client().markets()
                .get("county:Lucas, OH", Window.YEAR, YearMonth.of(1996, 1), YearMonth.of(1996, 12))
                .data();
        assertThat(market.area()).isEqualTo("county:lucas-oh");
        assertThat(market.history()).hasSize(1);
        return market.history().getFirst();
    }

    @Test
    @DisplayName("the Java client reads a home's history, its town's index and its value as types")
    void historyAndEnrichment() {
        await().atMost(FILLED).ignoreExceptions().untilAsserted(() -> {
            List<Change> sales = client().history().of("town-00001", Part.SALES).toList();
            assertThat(sales).isNotEmpty().isSortedAccordingTo(Comparator.comparing(Change::modificationTimestamp));
            assertThat(client().history().of("town-00001").limit(200)).containsAll(sales);
            PriceIndex index = client().history()
                    .priceIndex("county:fallow-oh", YearMonth.of(2020, 1), YearMonth.of(2020, 3))
                    .data();
            assertThat(index.months())
                    .extracting(PriceIndex.Month::month)
                    .containsExactly(YearMonth.of(2020, 1), YearMonth.of(2020, 2), YearMonth.of(2020, 3));
            Enriched home = client().enrichment().byKey("town-00001");
            assertThat(home.home()).isNotNull();
            assertThat(home.absentFields()).contains("Latitude");
        });
        assertThatThrownBy(() -> client().enrichment().byAddress("9999 Nowhere Street, Fallow Creek"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("not_found"));
    }

    @Test
    @DisplayName("the Java client begins a job once by one idempotency key, and reads its rows")
    void batch() {
        List<Asked> rows =
                List.of(Asked.byKey("a", "town-00001"), Asked.byKey("b", "nobody"), Asked.byPlace("c", 99, 0));
        Batch first = client().enrichment().begin(rows, "java-job-" + getClass().getSimpleName());
        Batch again = client().enrichment().begin(rows, "java-job-" + getClass().getSimpleName());
        assertThat(again.id()).isEqualTo(first.id());
        await().atMost(FILLED)
                .until(() -> client().enrichment().batch(first.id()).isOver());
        assertThat(client().enrichment().result(first.id()))
                .extracting(BatchRow::id)
                .containsExactly("a", "b", "c");
        assertThat(client().enrichment().result(first.id()).toList().getLast().status())
                .isEqualTo("failed");
        assertThat(client().enrichment().batches()).extracting(Batch::id).contains(first.id());
        assertThat(client().enrichment().cancel(first.id()).status()).isEqualTo("done");
    }

    @Test
    @DisplayName("the Java client saves an alert once by one idempotency key")
    void idempotency() {
        AlertFilter filter = AlertFilter.of(List.of("price_cut"), List.of("county:lucas-oh"));
        Alert first = client().alerts().create("From Java", filter, "java-1");
        Alert again = client().alerts().create("From Java", filter, "java-1");
        assertThat(again).isEqualTo(first);
        assertThat(client().alerts().get(first.id()).filter()).isEqualTo(filter);
        assertThat(client().alerts().list()).contains(first);
        assertThatThrownBy(() -> client().alerts().create("Another", filter, "java-1"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("idempotency_mismatch"));
        client().alerts().delete(first.id());
        assertThatThrownBy(() -> client().alerts().get(first.id())).isInstanceOf(RefusedException.class);
    }

    @Test
    @DisplayName("the Java client waits as long as Retry-After says and then gets through, without its user's doing")
    void retries() throws Exception {
        String data = topology().processes().getFirst().data().toString();
        assertThat(Launcher.run("tenant", "create", "Slow Client", "--data", data)
                        .exit())
                .isZero();
        assertThat(Launcher.run(
                                "tenant",
                                "set-limit",
                                "slow-client",
                                "--daily",
                                "1000",
                                "--refill",
                                "60",
                                "--burst",
                                "2",
                                "--data",
                                data)
                        .exit())
                .isZero();
        String key = Launcher.run(
                        "key", "create", "--tenant", "slow-client", "--name", "java", "--data", data, "--json")
                .json()
                .path("key")
                .asText();
        List<Duration> waits = new CopyOnWriteArrayList<>();
        Gatehouse slow = patient(key, waits);
        List<Listing> homes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            homes.addAll(slow.listings().page(ListingQuery.all(), null, 1).data());
        }
        assertThat(homes).hasSize(5);
        assertThat(waits)
                .isNotEmpty()
                .allSatisfy(wait -> assertThat(wait).isGreaterThanOrEqualTo(Duration.ofSeconds(1)));
    }

    @Test
    @DisplayName("the Java client says at once what trying again cannot mend, and tries again what it can")
    void failures() {
        List<Duration> waits = new CopyOnWriteArrayList<>();
        String key = topology().status().at("/demo/key").asText();
        String typo = key.substring(0, 20) + (key.charAt(20) == 'x' ? 'y' : 'x') + key.substring(21);
        assertThatThrownBy(() -> patient(typo, waits).listings().page(ListingQuery.all(), null, 1))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("key_malformed"));
        assertThatThrownBy(() ->
                        patient(key, waits).listings().page(ListingQuery.all().with("colour", "red"), null, 1))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.problem().errors())
                                .singleElement()
                                .satisfies(fault -> assertThat(fault.field()).isEqualTo("colour")));
        assertThat(waits).isEmpty();
        Gatehouse nobody = Gatehouse.with(new Caller.Settings(
                URI.create("http://127.0.0.1:" + FreePort.find()),
                key,
                TIMEOUT,
                RetryPolicy.usual(),
                InstantSource.system(),
                waits::add));
        assertThatThrownBy(() -> nobody.listings().page(ListingQuery.all(), null, 1))
                .isInstanceOf(UnreachableException.class);
        assertThat(waits).hasSize(3);
    }
}
