package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The path from sign-up to a first call")
final class PathTest {
    private static final Pattern KEY = Pattern.compile("gate_live_[0-9A-Za-z]{38}");
    private static final InstantSource CLOCK = InstantSource.system();
    private static Sandbox sandbox;

    @BeforeAll
    static void start() throws Exception {
        sandbox = new Sandbox(CLOCK);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName(
            "signs up, confirms by mail, names the organisation, sees the key once, and sees the first call arrive")
    void path() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        HttpResponse<String> home = browser.get("/");
        assertThat(home.statusCode()).isEqualTo(303);
        assertThat(home.headers().firstValue("Location")).hasValue("/sign-in");
        HttpResponse<String> signedUp =
                browser.post("/sign-up", "mail", "Ada@Example.com", "password", "correct staple horse");
        assertThat(signedUp.statusCode()).as(signedUp.body()).isEqualTo(200);
        assertThat(signedUp.body()).contains("href=\"http://mailbox.example/\"");
        String link = sandbox.linkTo("ada@example.com");
        assertThat(browser.get(link).body()).contains("Confirm and go on");
        HttpResponse<String> verified = browser.post(link);
        assertThat(verified.headers().firstValue("Location")).hasValue("/start");
        assertThat(browser.get("/").headers().firstValue("Location")).hasValue("/start");
        HttpResponse<String> first = browser.postAndLook("/start", "name", "Analytical Engines");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        Matcher key = KEY.matcher(first.body());
        assertThat(key.find()).isTrue();
        assertThat(ApiKey.isWellFormed(key.group())).isTrue();
        assertThat(first.body()).contains("curl", sandbox.gateway.uri() + "/v2/listings?county=Lucas");
        HttpResponse<String> waiting = browser.get("/start/first-call", "HX-Request", "true");
        assertThat(waiting.statusCode()).isEqualTo(204);
        Organisation made = sandbox.organisations.all().stream()
                .filter(found -> found.name().equals("Analytical Engines"))
                .findFirst()
                .orElseThrow();
        sandbox.usage.call(
                made.id(), sandbox.organisations.keys(made.id()).getLast().id(), "listListings", 200, CLOCK.instant());
        HttpResponse<String> lit = browser.get("/start/first-call", "HX-Request", "true");
        assertThat(lit.statusCode()).isEqualTo(286);
        assertThat(lit.body()).contains("Your first call is here: 200").doesNotContain("<html");
        assertThat(sandbox.organisations.keys(made.id()))
                .as("a test key for try-it is made with the organisation")
                .anyMatch(other -> other.mode() == KeyMode.TEST);
        for (String page : new String[] {"/", "/keys", "/keys/new", "/billing", "/devices"}) {
            HttpResponse<String> shown = browser.get(page);
            assertThat(shown.statusCode()).as(page).isEqualTo(200);
            assertThat(shown.body()).as(page).contains("Analytical Engines").doesNotContain(key.group());
        }
    }

    @Test
    @DisplayName("uses up a link once, and says so the second time")
    void once() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        browser.post("/sign-up", "mail", "grace@example.com", "password", "correct staple horse");
        String link = sandbox.linkTo("grace@example.com");
        Browser other = new Browser(sandbox.portal.uri());
        assertThat(other.post(link).headers().firstValue("Location")).hasValue("/sign-in?after=verified");
        assertThat(browser.post(link).statusCode()).isEqualTo(410);
        assertThat(browser.get(link).body()).contains("does not work any more");
        HttpResponse<String> signedIn =
                browser.post("/sign-in", "mail", "grace@example.com", "password", "correct staple horse");
        assertThat(signedIn.statusCode()).isEqualTo(303);
        browser.post("/sign-out");
        assertThat(browser.get("/devices").headers().firstValue("Location")).hasValue("/sign-in?to=%2Fdevices");
    }

    @Test
    @DisplayName("resets a password by a link that works once, and signs every device out with it")
    void reset() throws Exception {
        Browser browser = sandbox.member("lost@example.com", "Lost Ltd");
        Browser other = new Browser(sandbox.portal.uri());
        other.post("/forgot", "mail", "lost@example.com");
        String link = sandbox.linkTo("lost@example.com");
        HttpResponse<String> trivial = other.post(link, "password", "password123");
        assertThat(trivial.statusCode()).isEqualTo(422);
        assertThat(trivial.body()).contains("among the first that an attacker tries");
        assertThat(other.post(link, "password", "another fine staple").headers().firstValue("Location"))
                .hasValue("/sign-in?after=reset");
        assertThat(other.post(link, "password", "a third fine staple").statusCode())
                .isEqualTo(410);
        assertThat(browser.get("/keys").statusCode()).isEqualTo(303);
        assertThat(other.post("/sign-in", "mail", "lost@example.com", "password", "a third fine staple")
                        .statusCode())
                .isEqualTo(422);
        assertThat(other.post("/sign-in", "mail", "lost@example.com", "password", "another fine staple")
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    @DisplayName("shows a new key on a page that can be loaded once more for a minute, and makes no second key by that")
    void shownOnce() throws Exception {
        Browser browser = sandbox.member("once@example.com", "Once Inc");
        HttpResponse<String> made = browser.post("/keys", "name", "one alone");
        String page = made.headers().firstValue("Location").orElseThrow();
        assertThat(made.statusCode()).isEqualTo(303);
        Browser other = sandbox.member("other-once@example.com", "Other Once Inc");
        assertThat(other.get(page).body()).doesNotContain("gate_live_");
        Matcher key = KEY.matcher(browser.get(page).body());
        assertThat(key.find()).isTrue();
        assertThat(browser.get(page).body()).contains(key.group());
        HttpResponse<String> third = browser.get(page);
        assertThat(third.statusCode()).isEqualTo(303);
        assertThat(third.body()).doesNotContain(key.group());
        String after = third.headers().firstValue("Location").orElseThrow();
        assertThat(browser.get(after).body()).contains("cannot be shown again").doesNotContain(key.group());
        assertThat(sandbox.organisations.all().stream()
                        .filter(found -> found.name().equals("Once Inc"))
                        .flatMap(found -> sandbox.organisations.keys(found.id()).stream())
                        .filter(found -> found.name().equals("one alone")))
                .hasSize(1);
    }

    @Test
    @DisplayName("makes a key, shows it once, rotates and revokes it, and says when that took effect")
    void keys() throws Exception {
        Browser browser = sandbox.member("kay@example.com", "Keys Inc");
        HttpResponse<String> wrong = browser.post("/keys", "name", "", "percent", "200", "expires", "2001-01-01");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("This day is over", "from 1 to 100", "value=\"200\"");
        HttpResponse<String> made = browser.postAndLook("/keys", "name", "nightly <b>import</b>", "mode", "test");
        assertThat(made.body())
                .contains("gate_test_", "nightly &lt;b&gt;import")
                .doesNotContain("<b>import");
        String id = sandbox.organisations.all().stream()
                .filter(found -> found.name().equals("Keys Inc"))
                .flatMap(found -> sandbox.organisations.keys(found.id()).stream())
                .filter(key -> key.name().startsWith("nightly"))
                .findFirst()
                .orElseThrow()
                .id()
                .value();
        assertThat(browser.get("/keys/" + id + "/revoke").body()).contains("cannot be taken back");
        assertThat(browser.post("/keys/" + id + "/revoke").statusCode()).isEqualTo(303);
        assertThat(browser.get("/keys/" + id).body()).contains("This key was revoked on", "key_revoked");
    }

    @Test
    @DisplayName("shows the draft invoice's lines, each down to its hours and calls")
    void invoice() throws Exception {
        Browser browser = sandbox.member("bill@example.com", "Bills Ltd");
        sandbox.callsAtOnce("Bills Ltd", 150, CLOCK.instant());
        String month = java.time.YearMonth.now(java.time.ZoneOffset.UTC).toString();
        assertThat(browser.get("/billing").body()).contains("Draft invoice", "Calls, plan free");
        assertThat(browser.get("/billing/" + month + "/lines/2").body())
                .contains("listListings", "units were included when this time began");
        HttpResponse<String> calls = browser.get("/billing/" + month + "/lines/2/calls");
        assertThat(calls.body()).contains("req_", "Later calls");
        assertThat(browser.get("/billing/" + month + "/lines/3").statusCode()).isEqualTo(404);
        assertThat(browser.get("/billing/2999-01").statusCode()).isEqualTo(404);
        assertThat(browser.get("/billing/x").statusCode()).isEqualTo(404);
    }
}
