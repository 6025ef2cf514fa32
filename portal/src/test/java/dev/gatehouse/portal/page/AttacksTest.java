package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Route;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Attacks on the portal")
final class AttacksTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String TEMPLATE_PART = "\\{[^}]+}";
    private static Sandbox sandbox;
    private static Browser victim;
    private static Browser attacker;
    private static Browser reader;
    private static Organisation victims;

    @BeforeAll
    static void start() throws Exception {
        sandbox = new Sandbox(CLOCK);
        victim = sandbox.member("victim@example.com", "Victim Inc");
        attacker = sandbox.member("attacker@example.com", "Attacker Inc");
        victims = sandbox.organisations.all().stream()
                .filter(found -> found.name().equals("Victim Inc"))
                .findFirst()
                .orElseThrow();
        sandbox.calls("Victim Inc", 5, CLOCK.instant());
        victim.post("/team/invitations", "mail", "reader@example.com", "role", "READER");
        String invitation = sandbox.linkTo("reader@example.com");
        reader = new Browser(sandbox.portal.uri());
        reader.post("/sign-up", "mail", "reader@example.com", "password", "correct staple horse");
        reader.post(sandbox.linkTo("reader@example.com"));
        assertThat(reader.post(invitation).headers().firstValue("Location")).hasValue("/");
        assertThat(reader.get("/team").body()).contains("Victim Inc");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("every page but the public ones sends a stranger to the sign-in")
    void stranger() throws Exception {
        int tried = 0;
        for (Route route : sandbox.portal.routes()) {
            if (route.access() != Access.PUBLIC) {
                Browser stranger = new Browser(sandbox.portal.uri());
                HttpResponse<String> answer = ask(stranger, route, filled(route));
                assertThat(answer.statusCode()).as("%s", route).isEqualTo(303);
                assertThat(answer.headers().firstValue("Location"))
                        .as("%s", route)
                        .hasValue("/sign-in");
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(20);
    }

    @Test
    @DisplayName("no form is taken without its token, with another browser's, or from another site")
    void forgery() throws Exception {
        String foreign = attacker.token();
        for (Route route : sandbox.portal.routes()) {
            if (route.method().equals("POST")) {
                for (String token : List.of("", "x", foreign)) {
                    assertThat(victim.postWith(token, filled(route)).statusCode())
                            .as("%s with %s", route, token)
                            .isEqualTo(403);
                }
            }
        }
        assertThat(sandbox.organisations.keys(victims.id()).getFirst().revokedAt())
                .isNull();
    }

    @Test
    @DisplayName("ids of another organisation are unknown in every address")
    void foreignIds() throws Exception {
        int tried = 0;
        for (Route route : sandbox.portal.routes()) {
            boolean owned = route.template().contains("{key}")
                    || route.template().contains("{request}")
                    || route.template().contains("{member}")
                    || route.template().contains("{invitation}");
            if (owned) {
                HttpResponse<String> answer = ask(attacker, route, filled(route));
                assertThat(answer.statusCode()).as("%s", route).isEqualTo(404);
                assertThat(answer.body())
                        .as("%s", route)
                        .doesNotContain("Victim Inc")
                        .doesNotContain("First key");
                tried++;
            }
        }
        assertThat(tried).isGreaterThanOrEqualTo(8);
        assertThat(sandbox.organisations.keys(victims.id()).getFirst().revokedAt())
                .isNull();
    }

    @Test
    @DisplayName("a read-only member changes nothing, and is offered nothing to change")
    void lowerRole() throws Exception {
        for (Route route : sandbox.portal.routes()) {
            if (route.access() == Access.DEVELOPER || route.access() == Access.OWNER) {
                assertThat(ask(reader, route, filled(route)).statusCode())
                        .as("%s", route)
                        .isEqualTo(403);
            }
        }
        assertThat(reader.get("/keys").body()).doesNotContain("Create key");
        assertThat(sandbox.organisations.keys(victims.id())).hasSize(1);
    }

    @Test
    @DisplayName("a session cookie of before signing in is not the one of after it")
    void fixation() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        HttpResponse<String> answer = browser.get("/sign-in", "Cookie", "gatehouse_session=planted");
        assertThat(answer.headers().allValues("Set-Cookie").toString()).doesNotContain("planted");
        browser.post("/sign-in", "mail", "victim@example.com", "password", "correct staple horse");
        String first = browser.cookie("gatehouse_session");
        browser.post("/sign-out");
        browser.post("/sign-in", "mail", "victim@example.com", "password", "correct staple horse");
        assertThat(browser.cookie("gatehouse_session")).isNotEmpty().isNotEqualTo(first);
        assertThat(new Browser(sandbox.portal.uri())
                        .get("/devices", "Cookie", "gatehouse_session=" + first)
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    @DisplayName("nobody learns who has an account: known and unknown addresses get the same answers")
    void enumeration() throws Exception {
        List<String> answers = new ArrayList<>();
        for (String mail : List.of("victim@example.com", "nobody@example.com")) {
            Browser browser = new Browser(sandbox.portal.uri());
            StringBuilder seen = new StringBuilder();
            for (HttpResponse<String> answer : List.of(
                    browser.post("/sign-up", "mail", mail, "password", "another fine staple"),
                    browser.post("/forgot", "mail", mail),
                    browser.post("/sign-in", "mail", mail, "password", "wrong wrong wrong"))) {
                seen.append(answer.statusCode())
                        .append(answer.body().replace(mail, "MAIL").replaceAll("value=\"[^\"]{43}\"", ""));
            }
            answers.add(seen.toString());
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
    }

    @Test
    @DisplayName("guessing a password ends after eight tries")
    void guessing() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        int status = 0;
        for (int i = 0; i < 9; i++) {
            status = browser.post("/sign-in", "mail", "guessed@example.com", "password", "guess number " + i)
                    .statusCode();
        }
        assertThat(status).isEqualTo(429);
    }

    @Test
    @DisplayName("a mail address that would add a head to the mail is refused")
    void mailHeads() throws Exception {
        int before = sandbox.letters.size();
        Browser browser = new Browser(sandbox.portal.uri());
        for (String mail : List.of(
                "a@example.com\r\nBcc: b@example.com",
                "a@example.com,b@example.com",
                "<a@example.com>",
                "a b@example.com")) {
            assertThat(browser.post("/sign-up", "mail", mail, "password", "correct staple horse")
                            .statusCode())
                    .as(mail)
                    .isEqualTo(422);
        }
        assertThat(sandbox.letters).hasSize(before);
    }

    @Test
    @DisplayName("every page forbids inline script, framing and sniffing, and none holds an inline style or script")
    void heads() throws Exception {
        for (Route route : sandbox.portal.routes()) {
            if (route.method().equals("GET") && !route.template().equals("/usage/live")) {
                HttpResponse<String> answer = victim.get(filled(route));
                assertThat(answer.headers()
                                .firstValue("Content-Security-Policy")
                                .orElse(""))
                        .as("%s", route)
                        .contains("script-src 'self';", "style-src 'self';", "frame-ancestors 'none'");
                assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                        .hasValue("nosniff");
                assertThat(answer.body())
                        .as("%s", route)
                        .doesNotContain(" style=")
                        .doesNotContain("<style")
                        .doesNotContainPattern("<script(?![^>]* src=)")
                        .doesNotContainPattern(" on[a-z]+=\"");
            }
        }
    }

    /** The route with ids that are the victim's. */
    private static String filled(Route route) throws Exception {
        String request =
                sandbox.usage.lastCalls(victims.id(), 1).getFirst().event().requestId();
        return route.template()
                .replace(
                        "{key}",
                        sandbox.organisations.keys(victims.id()).getFirst().id().value())
                .replace("{request}", request)
                .replace("{member}", member())
                .replace("{month}", YearMonth.now(ZoneOffset.UTC).toString())
                .replace("{line}", "2")
                .replace("{guide}", "limits")
                .replaceAll(TEMPLATE_PART, "0000000000000000000000000000000000000000000");
    }

    private static String member() throws Exception {
        String page = victim.get("/team").body();
        int at = page.indexOf("/team/mem_");
        return page.substring(at + 6, at + 6 + 30);
    }

    private static HttpResponse<String> ask(Browser browser, Route route, String path) throws Exception {
        return route.method().equals("POST") ? browser.post(path) : browser.get(path);
    }
}
