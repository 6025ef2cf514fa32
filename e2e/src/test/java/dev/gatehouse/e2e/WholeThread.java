package dev.gatehouse.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.app.listen.SignatureCheck;
import dev.gatehouse.e2e.harness.Browser;
import dev.gatehouse.e2e.harness.Launcher;
import dev.gatehouse.e2e.harness.Mails;
import dev.gatehouse.e2e.harness.PastedCalls;
import dev.gatehouse.e2e.harness.Receiver;
import dev.gatehouse.e2e.harness.Topology;
import dev.gatehouse.e2e.harness.WrittenDown;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One thread through all of Gatehouse: the same sentences hold in every topology. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WholeThread {
    static final Pattern KEY = Pattern.compile("gate_live_[0-9A-Za-z]{38}");
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final Duration LONG = Duration.ofMinutes(3);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Topology topology;
    private final JsonNode status;
    private final Map<String, String> secrets = new ConcurrentHashMap<>();

    WholeThread(Topology topology) {
        this.topology = topology;
        this.status = topology.status();
    }

    Topology topology() {
        return topology;
    }

    /** Remembers what must be in no log. */
    final String secret(String kind, String secret) {
        secrets.put(kind, secret);
        return secret;
    }

    /** After all that the tests have done, in whatever order. */
    @AfterAll
    void stop() throws Exception {
        try {
            secret("the demo key", demoKey());
            WrittenDown.hasNone(topology, secrets);
        } finally {
            topology.close();
        }
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest.Builder api(String path, String key) {
        return HttpRequest.newBuilder(URI.create(status.at("/gateway/url").asText() + path))
                .header("Authorization", "Bearer " + key);
    }

    /** What the demo tenant is answered, which must be a success. */
    JsonNode call(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(api(path, demoKey()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.tree(answer.body());
    }

    /** The demo tenant's call, to be answered whenever it is. */
    CompletableFuture<HttpResponse<String>> later(String path) {
        return HTTP.sendAsync(
                api(path, demoKey()).timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofString());
    }

    static void soon(ThrowingRunnable holds) {
        await().atMost(SOON).untilAsserted(holds);
    }

    private String demoKey() {
        return status.at("/demo/key").asText();
    }

    @Test
    @DisplayName("a call is answered with real homes and its limits, and its usage shows up in the account")
    void callIsMetered() throws Exception {
        HttpResponse<String> answer = send(api("/v2/listings?county=Lucas&limit=2", demoKey()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Json.tree(answer.body()).path("data")).hasSize(2);
        assertThat(answer.headers().firstValue("X-RateLimit-Tenant")).hasValue("demo");
        assertThat(answer.headers().firstValue("X-RateLimit-Plan")).hasValue("growth");
        assertThat(answer.headers().firstValue("RateLimit").orElse("")).contains("\"burst\"", "\"daily\"");
        String requestId = answer.headers().firstValue("X-Request-ID").orElseThrow();
        assertThat(requestId).startsWith("req_");
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode usage = Json.tree(send(api("/v2/account/usage", demoKey())).body());
            assertThat(usage.at("/data/0/units").asLong()).isPositive();
        });
    }

    @Test
    @DisplayName("a key with one wrong letter and a call without one are refused, each by its code")
    void refusals() throws Exception {
        String key = demoKey();
        char wrong = key.charAt(20) == 'x' ? 'y' : 'x';
        String mistyped = secret("a mistyped key", key.substring(0, 20) + wrong + key.substring(21));
        HttpResponse<String> typo = send(api("/v2/listings", mistyped));
        assertThat(typo.statusCode()).isEqualTo(401);
        assertThat(Json.tree(typo.body()).path("code").asText()).isEqualTo("key_malformed");
        assertThat(typo.headers().firstValue("X-RateLimit-Limit")).isEmpty();
        HttpResponse<String> missing =
                send(HttpRequest.newBuilder(URI.create(status.at("/gateway/url").asText() + "/v2/listings")));
        assertThat(Json.tree(missing.body()).path("code").asText()).isEqualTo("key_missing");
    }

    @Test
    @DisplayName(
            "a real home is valued by comparables, an invented one found by its address, and what is not found is free")
    void homeIsEnriched() throws Exception {
        String key = call("/v2/listings?county=Lucas&limit=1")
                .at("/data/0/PropertyKey")
                .asText();
        await().atMost(Duration.ofSeconds(180)).untilAsserted(() -> {
            JsonNode data = call("/v2/enrichment?PropertyKey=" + key).path("data");
            assertThat(data.at("/valuation/value").asDouble()).isPositive();
            assertThat(data.at("/valuation/comparables").size()).isBetween(5, 20);
            assertThat(data.at("/valuation/model/version").asText()).startsWith("lucas-oh.");
        });
        await().atMost(Duration.ofSeconds(180)).untilAsserted(() -> {
            JsonNode town = call("/v2/listings?city=Fallow%20Creek&limit=1").at("/data/0");
            JsonNode found = call("/v2/enrichment?address="
                    + URLEncoder.encode(
                            town.path("UnparsedAddress").asText() + " "
                                    + town.path("UnitNumber").asText("") + ", fallow creek",
                            UTF_8));
            assertThat(found.at("/data/PropertyKey").asText())
                    .isEqualTo(town.path("PropertyKey").asText());
        });
        HttpResponse<String> found = send(api("/v2/enrichment?PropertyKey=" + key, demoKey()));
        assertThat(found.headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("gatehouse-cost"));
        HttpResponse<String> missing = send(api("/v2/enrichment?PropertyKey=nobody", demoKey()));
        assertThat(missing.statusCode()).isEqualTo(404);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode calls = call("/v2/account/usage/calls?limit=100").path("data");
            assertThat(calls).anySatisfy(entry -> {
                assertThat(entry.path("requestId").asText())
                        .isEqualTo(missing.headers().firstValue("X-Request-ID").orElseThrow());
                assertThat(entry.path("cost").asInt(-1)).isZero();
            });
            assertThat(calls).anySatisfy(entry -> {
                assertThat(entry.path("requestId").asText())
                        .isEqualTo(found.headers().firstValue("X-Request-ID").orElseThrow());
                assertThat(entry.path("cost").asInt()).isEqualTo(2);
            });
        });
    }

    @Test
    @DisplayName("a change of a price reaches the tenant's own receiver, signed with the endpoint's secret")
    void changeIsDelivered() throws Exception {
        try (Receiver receiver = new Receiver()) {
            String body = "{\"url\":\"" + receiver.uri()
                    + "\",\"eventTypes\":[\"listing.status_changed\",\"listing.price_changed\"]}";
            HttpResponse<String> closed = send(api("/v2/webhooks/endpoints", demoKey())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
            assertThat(closed.statusCode()).as(closed.body()).isEqualTo(400);
            open(receiver.uri().getPort());
            HttpResponse<String> made = send(api("/v2/webhooks/endpoints", demoKey())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            String secret = secret(
                    "an endpoint's secret",
                    Json.tree(made.body()).at("/data/secret").asText());
            String listing = Json.tree(
                            send(api("/v2/listings?limit=1", demoKey())).body())
                    .at("/data/0/ListingKey")
                    .asText();
            change(listing, "status", "{\"status\":\"Active\"}");
            change(listing, "price", "{\"price\":123456}");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(receiver.received())
                            .anySatisfy(delivery ->
                                    assertThat(delivery.body()).contains("listing.price_changed", listing, "123456")));
            SignatureCheck check = new SignatureCheck(secret);
            assertThat(receiver.received())
                    .allSatisfy(delivery -> assertThat(check.verify(
                                    delivery.headers(), delivery.body().getBytes(UTF_8), Instant.now()))
                            .isInstanceOf(SignatureCheck.Verdict.Holds.class));
            HttpResponse<String> now = send(api("/v2/listings/" + listing, demoKey()));
            assertThat(Json.tree(now.body()).at("/data/ListPrice").asInt()).isEqualTo(123456);
        }
    }

    /** As another process of the installation would. */
    /** Opens a port of this machine to the demo tenant's deliveries, as the installation's owner may. */
    private void open(int port) throws Exception {
        HttpResponse<String> opened = send(
                HttpRequest.newBuilder(URI.create(status.at("/admin/url").asText() + "/admin/v1/webhooks/receivers"))
                        .header("Authorization", "Bearer " + topology.adminToken())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"tenant\":\""
                                + status.at("/demo/tenant").asText() + "\",\"port\":" + port + ",\"seconds\":300}")));
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);
    }

    private void change(String listing, String what, String body) throws Exception {
        HttpResponse<String> changed = send(HttpRequest.newBuilder(URI.create(
                        status.at("/roles/listings/url").asText() + "/internal/listings/" + listing + "/" + what))
                .header(InternalSecrets.PROCESS_HEADER, topology.secrets().processToken())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(changed.statusCode()).as(changed.body()).isBetween(200, 299);
    }

    @Test
    @DisplayName("a cut of a price raises a signal and counts in the figures of its area")
    void cutBecomesASignal() throws Exception {
        JsonNode home = call("/v2/listings?county=Lucas&limit=5").at("/data/4");
        String listing = home.path("ListingKey").asText();
        String property = home.path("PropertyKey").asText();
        change(listing, "status", "{\"status\":\"Active\"}");
        change(listing, "price", "{\"price\":200000}");
        change(listing, "price", "{\"price\":150000}");
        // a new service is filled from a snapshot of all homes first
        await().atMost(Duration.ofMinutes(4)).untilAsserted(() -> {
            JsonNode cut = call("/v2/signals?type=price_cut&severity=high&area=county:lucas-oh&property=" + property);
            assertThat(cut.path("data")).hasSize(1);
            assertThat(cut.at("/data/0/Price").asInt()).isEqualTo(150_000);
            assertThat(cut.at("/meta/absentFields").toString()).contains("Evidence");
        });
        String month = YearMonth.now(ZoneOffset.UTC).toString();
        JsonNode market =
                call("/v2/markets/county:Lucas,%20OH?from=1993-01&to=" + month).at("/data/History");
        assertThat(market.get(market.size() - 1).path("PriceCuts").asInt()).isPositive();
        HttpResponse<String> nowhere = send(api("/v2/markets/county:lucsa-oh", demoKey()));
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(Json.tree(nowhere.body()).path("detail").asText()).contains("county:lucas-oh");
    }

    @Test
    @DisplayName("an alert is saved once by its idempotency key, and deleted")
    void alertIsSaved() throws Exception {
        String body = "{\"name\":\"Lucas\",\"filter\":{\"types\":[\"price_cut\"],\"areas\":[\"county:lucas-oh\"]}}";
        String[] ids = new String[2];
        for (int i = 0; i < ids.length; i++) {
            HttpResponse<String> saved = send(api("/v2/alerts", demoKey())
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "end-to-end")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
            assertThat(saved.statusCode()).as(saved.body()).isEqualTo(201);
            ids[i] = Json.tree(saved.body()).at("/data/id").asText();
        }
        assertThat(ids[0]).isEqualTo(ids[1]);
        assertThat(call("/v2/alerts").path("data")).hasSize(1);
        assertThat(send(api("/v2/alerts/" + ids[0], demoKey()).DELETE()).statusCode())
                .isEqualTo(204);
    }

    @Test
    @DisplayName(
            "a home of the generated town shows its sales in order, and its town a price index with standard errors")
    void historyOfAHome() throws Exception {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode sales = call("/v2/properties/town-00001/history/sales").path("data");
            assertThat(sales)
                    .isNotEmpty()
                    .allSatisfy(sale -> assertThat(
                                    sale.path("OriginatingSystemName").asText())
                            .isEqualTo("gatehouse-town"));
        });
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode index = call("/v2/markets/county:fallow-oh/price-index").path("data");
            assertThat(index.path("pairs").asInt()).isGreaterThan(5_000);
            assertThat(index.at("/months/60/standardError").asDouble()).isPositive();
        });
    }

    @Test
    @DisplayName("a test key reads the sandbox, the same home in all four services, and a live key nothing of it")
    void sandbox() throws Exception {
        String key = testKey("sandbox");
        Map<String, String> homes = Map.of(
                "/v2/listings?postalCode=43999&maxPrice=149000&limit=1", "/data/0/PropertyKey",
                "/v2/properties/sandbox-property-01/history?limit=1", "/data/0/PropertyKey",
                "/v2/signals?property=sandbox-property-01&limit=1", "/data/0/PropertyKey",
                "/v2/enrichment?address=100+Sandbox+Street", "/data/PropertyKey",
                "/v1/listings/sandbox-listing-01", "/id",
                "/v1/history?id=sandbox-listing-01&per_page=1", "/results/0/id",
                "/v1/enrich?id=sandbox-property-01", "/id");
        for (Map.Entry<String, String> home : homes.entrySet()) {
            soon(() -> {
                HttpResponse<String> answer = send(api(home.getKey(), key));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(Json.tree(answer.body()).at(home.getValue()).asText())
                        .as(home.getKey())
                        .isIn("sandbox-property-01", "sandbox-listing-01");
            });
            HttpResponse<String> live = send(api(home.getKey(), demoKey()));
            assertThat(live.body()).as(home.getKey()).doesNotContain("sandbox-property", "gatehouse-sandbox");
        }
        HttpResponse<String> real = send(api("/v2/listings?county=Lucas", key));
        assertThat(Json.tree(real.body()).path("data")).isEmpty();
    }

    @Test
    @DisplayName("every call in the guides to the resources works as it is pasted")
    void guides() throws Exception {
        String gateway = status.at("/gateway/url").asText();
        for (String guide : List.of("real-estate.md", "signals.md", "sandbox.md")) {
            String key = guide.equals("sandbox.md") ? testKey("guides") : demoKey();
            List<String> calls = PastedCalls.of(guide);
            assertThat(calls).as(guide).hasSizeGreaterThan(3);
            for (String call : calls) {
                if (!call.contains("city:austin-tx")) {
                    soon(() -> assertThat(PastedCalls.make(call, gateway, key))
                            .as(call)
                            .startsWith("2"));
                }
            }
        }
        for (JsonNode alert : call("/v2/alerts").path("data")) {
            send(api("/v2/alerts/" + alert.path("id").asText(), demoKey()).DELETE());
        }
    }

    private String testKey(String name) throws Exception {
        String data = topology.processes().getFirst().data().toString();
        return Launcher.run(
                        "key", "create", "--tenant", "demo", "--name", name, "--mode", "test", "--data", data, "--json")
                .json()
                .path("key")
                .asText();
    }

    @Test
    @DisplayName("a stranger signs up, gets a key by mail's link, calls, and sees the call and its price on a page")
    void signUpToInvoiceLine() throws Exception {
        Browser browser = new Browser(URI.create(status.at("/portal/url").asText()));
        String password = secret("a password", "correct staple horse");
        browser.post("/sign-up", "mail", "ada@example.com", "password", password);
        String link = secret(
                "a mail's link",
                Mails.linkTo(status, "ada@example.com", "verify").getPath());
        browser.get(link);
        browser.post(link);
        HttpResponse<String> started = browser.postAndLook("/start", "name", "Analytical Engines");
        Matcher key = KEY.matcher(started.body());
        assertThat(key.find()).as(started.body()).isTrue();
        secret("a key made in the portal", key.group());
        browser.cookies
                .getCookieStore()
                .getCookies()
                .forEach(cookie -> secret("the cookie " + cookie.getName(), cookie.getValue()));
        assertThat(send(api("/v2/listings?limit=1", key.group())).statusCode()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(browser.get("/start/first-call", "HX-Request", "true")
                                .body())
                        .contains("Your first call is here: 200"));
        await().atMost(SOON).untilAsserted(() -> {
            HttpResponse<String> billing = browser.get("/billing");
            assertThat(billing.statusCode()).isEqualTo(200);
            assertThat(billing.body()).contains("Analytical Engines").containsIgnoringCase("units");
        });
    }
}
