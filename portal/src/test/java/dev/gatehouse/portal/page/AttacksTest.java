package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Route;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.webhooks.NewEndpoint;
import dev.gatehouse.webhooks.Webhooks;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Attacks on the portal")
final class AttacksTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String TEMPLATE_PART = "\\{[^}]+}";
    private static final List<String> OWNED = List.of(
            "{key}",
            "{request}",
            "{member}",
            "{invitation}",
            "{endpoint}",
            "{delivery}",
            "{organisation}",
            "{session}");
    private static final List<String> EVERYBODYS =
            List.of("{token}", "{operation}", "{api}", "{plan}", "{path+}", "{guide}", "{invoice}", "{line}");
    private static String endpoint;
    private static String delivery;
    private static String invitation;
    private static String session;
    private static Sandbox sandbox;
    private static Browser victim;
    private static Browser attacker;
    private static Browser reader;
    private static final Map<Role, Browser> members = new EnumMap<>(Role.class);
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
        Webhooks webhooks = sandbox.webhooks.webhooks();
        endpoint = webhooks.create(victims.id(), NewEndpoint.of("http://127.0.0.1:9009/"))
                .endpoint()
                .id();
        delivery = webhooks.sendTest(victims.id(), endpoint, "listing.created").id();
        victim.post("/team/invitations", "mail", "open@example.com", "role", "READER");
        invitation = found("/team", "/team/invitations/(ivt_[0-9a-z]{26})");
        Browser elsewhere = new Browser(sandbox.portal.uri());
        elsewhere.post("/sign-in", "mail", "victim@example.com", "password", "correct staple horse");
        session = found("/devices", "/devices/(ses_[0-9a-z]{26})");
        for (Role role : List.of(Role.READER, Role.BILLING, Role.DEVELOPER)) {
            members.put(role, joined(role));
        }
        reader = Objects.requireNonNull(members.get(Role.READER));
    }

    private static Browser joined(Role role) throws Exception {
        String mail = role.name().toLowerCase(Locale.ROOT) + "@example.com";
        victim.post("/team/invitations", "mail", mail, "role", role.name());
        String invitation = sandbox.linkTo(mail);
        Browser member = new Browser(sandbox.portal.uri());
        member.post("/sign-up", "mail", mail, "password", "correct staple horse");
        member.post(sandbox.linkTo(mail));
        assertThat(member.post(invitation).headers().firstValue("Location")).isPresent();
        assertThat(member.get("/team").body()).contains("Victim Inc");
        return member;
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
                assertThat(answer.headers().firstValue("Location").orElse(""))
                        .as("%s", route)
                        .matches("/sign-in(\\?to=%2F[^/:]*)?");
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(60);
    }

    @Test
    @DisplayName("no form is taken without its token, with another browser's, or from another site")
    void forgery() throws Exception {
        String foreign = attacker.token();
        for (Route route : sandbox.portal.routes()) {
            if (route.proof() == Route.Proof.FORM) {
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
            if (OWNED.stream().anyMatch(route.template()::contains)) {
                HttpResponse<String> answer = ask(attacker, route, filled(route));
                assertThat(answer.statusCode()).as("%s", route).isEqualTo(404);
                assertThat(answer.body())
                        .as("%s", route)
                        .doesNotContain("Victim Inc")
                        .doesNotContain("First key");
                tried++;
            }
        }
        assertThat(tried).isGreaterThanOrEqualTo(25);
        assertThat(sandbox.organisations.keys(victims.id()).getFirst().revokedAt())
                .isNull();
    }

    @Test
    @DisplayName("every id in an address is either an organisation's own, and tried above, or everybody's")
    void idsAreClassified() {
        for (Route route : sandbox.portal.routes()) {
            Matcher part = Pattern.compile(TEMPLATE_PART).matcher(route.template());
            while (part.find()) {
                assertThat(part.group())
                        .as("%s", route)
                        .isIn(Stream.concat(OWNED.stream(), EVERYBODYS.stream()).toList());
            }
        }
    }

    @Test
    @DisplayName("an invoice of another organisation is unknown by its id, with its paper, evidence, lines and calls")
    void foreignInvoice() throws Exception {
        String id =
                sandbox.billing.invoices().list(victims.id()).getFirst().id().value();
        for (Route route : sandbox.portal.routes()) {
            if (route.template().contains("{invoice}")) {
                String path = route.template().replace("{invoice}", id).replace("{line}", "2");
                assertThat(victim.get(path).statusCode()).as(path).isEqualTo(200);
                assertThat(attacker.get(path).statusCode()).as(path).isEqualTo(404);
            }
        }
    }

    @Test
    @DisplayName(
            "no member does what their role does not allow, by any address, and a read-only one is offered nothing to change")
    void lowerRole() throws Exception {
        int tried = 0;
        for (Map.Entry<Role, Browser> member : members.entrySet()) {
            for (Route route : sandbox.portal.routes()) {
                if (route.access() != Access.PUBLIC
                        && route.access() != Access.PERSON
                        && !route.access().allows(member.getKey())) {
                    assertThat(ask(member.getValue(), route, filled(route)).statusCode())
                            .as("%s as %s", route, member.getKey())
                            .isEqualTo(403);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(60);
        assertThat(reader.get("/keys").body()).doesNotContain("Create key");
        assertThat(sandbox.organisations.keys(victims.id())).hasSize(2);
        assertThat(sandbox.gateway.calls).isEmpty();
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
        int before = sandbox.letters().size();
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
        assertThat(sandbox.letters()).hasSize(before);
    }

    @Test
    @DisplayName("every page forbids inline script, framing and sniffing, and none holds an inline style or script")
    void heads() throws Exception {
        for (Route route : sandbox.portal.routes()) {
            if (route.proof() == Route.Proof.NONE && !route.template().equals("/usage/live")) {
                HttpResponse<String> answer = victim.get(filled(route));
                assertThat(answer.headers()
                                .firstValue("Content-Security-Policy")
                                .orElse(""))
                        .as("%s", route)
                        .contains("script-src 'self';", "frame-ancestors 'none'")
                        .contains(
                                route.template().equals("/reference/scalar")
                                        ? "style-src 'self' 'unsafe-inline';"
                                        : "style-src 'self';");
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

    @Test
    @DisplayName("a sign-in leads to a page of ours only, whatever the link says")
    void openRedirect() throws Exception {
        for (String to : List.of(
                "https://evil.example/",
                "//evil.example",
                "/\\evil.example",
                "/%2F/evil.example",
                "javascript:alert(1)",
                "/usage\r\nSet-Cookie: a=b",
                "/../x")) {
            Browser browser = new Browser(sandbox.portal.uri());
            assertThat(browser.post(
                                    "/sign-in",
                                    "mail",
                                    "attacker@example.com",
                                    "password",
                                    "correct staple horse",
                                    "to",
                                    to)
                            .headers()
                            .firstValue("Location"))
                    .as(to)
                    .hasValue("/");
        }
        Browser browser = new Browser(sandbox.portal.uri());
        assertThat(browser.post(
                                "/sign-in",
                                "mail",
                                "attacker@example.com",
                                "password",
                                "correct staple horse",
                                "to",
                                "/usage?by=key")
                        .headers()
                        .firstValue("Location"))
                .hasValue("/usage?by=key");
    }

    @Test
    @DisplayName("script typed into any field of any form, or into any address, is never markup on any page")
    void script() throws Exception {
        String script = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
        Browser author = sandbox.member("author@example.com", "Author <b>Inc</b>");
        int fields = 0;
        for (Route route : sandbox.portal.routes()) {
            if (route.proof() == Route.Proof.NONE
                    && !route.template().equals("/usage/live")
                    && !OWNED.stream().anyMatch(route.template()::contains)) {
                String page = author.get(filled(route)).body();
                for (Typing form : Typing.formsOn(page)) {
                    if (form.action().equals("/sign-out")
                            || form.action().contains("/delete")
                            || form.action().contains("/leave")) {
                        continue;
                    }
                    fields += form.names().size();
                    HttpResponse<String> answer = author.post(form.action(), form.filled(script));
                    assertThat(answer.body()).as(form.action()).doesNotContain("<script>alert", "<img src=x");
                }
            }
        }
        assertThat(fields).isGreaterThanOrEqualTo(10);
        for (String reflected : List.of(
                "/docs?q=",
                "/reference?q=",
                "/usage?by=",
                "/usage?days=",
                "/usage/calls/",
                "/nothing/",
                "/sign-in?to=")) {
            assertThat(author.get(reflected
                                    + java.net.URLEncoder.encode(script, java.nio.charset.StandardCharsets.UTF_8))
                            .body())
                    .as(reflected)
                    .doesNotContain("<script>alert", "<img src=x");
        }
        for (Route route : sandbox.portal.routes()) {
            if (route.proof() == Route.Proof.NONE
                    && !route.template().equals("/usage/live")
                    && !route.template().contains("export")) {
                assertThat(author.get(filled(route)).body())
                        .as("%s", route)
                        .doesNotContain("<script>alert", "<img src=x", "<b>Inc");
            }
        }
    }

    @Test
    @DisplayName("a call is tried only by a script of our own page; its answer can be no page, and carries no cookie")
    void trial() throws Exception {
        for (String site : List.of("cross-site", "same-site", "none", "")) {
            assertThat(attacker.fetch("GET", "/try/v2/account/usage", site).statusCode())
                    .as(site)
                    .isEqualTo(422);
        }
        assertThat(attacker.get("/try/v2/account/usage").statusCode()).isEqualTo(422);
        int before = sandbox.gateway.calls.size();
        HttpResponse<String> answer = attacker.fetch("GET", "/try/page?q=a%20b&q=%2Fc", "same-origin");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("sandbox", "default-src 'none'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().allValues("Set-Cookie").toString()).doesNotContain("stolen");
        assertThat(answer.headers().firstValue("X-RateLimit-Remaining")).hasValue("842");
        Request passed = sandbox.gateway.calls.get(before);
        assertThat(passed.header("authorization").orElse("")).startsWith("Bearer gate_test_");
        assertThat(passed.header("cookie")).isEmpty();
        assertThat(passed.query()).containsEntry("q", List.of("a b", "/c"));
    }

    @Test
    @DisplayName("an unknown address is hashed for as long as a known one")
    void timing() throws Exception {
        List<Long> known = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Browser browser = new Browser(sandbox.portal.uri());
            String token = browser.token();
            known.add(timed(browser, token, "victim@example.com"));
            unknown.add(timed(browser, token, "nobody" + i + "@example.com"));
        }
        double ratio = (double) median(unknown) / median(known);
        // without the dummy hash it would be a fiftieth; the bound leaves room for a busy machine
        assertThat(ratio).as("known %s, unknown %s, in ns", known, unknown).isBetween(0.2, 5.0);
    }

    private static long timed(Browser browser, String token, String mail) throws Exception {
        long begun = System.nanoTime();
        browser.postWith(token, "/sign-in", "mail", mail, "password", "wrong wrong wrong");
        return System.nanoTime() - begun;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
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
                .replace("{member}", found("/team", "/team/(mem_[0-9a-z]{26})"))
                .replace("{endpoint}", endpoint)
                .replace("{delivery}", delivery)
                .replace("{invitation}", invitation)
                .replace("{session}", session)
                .replace("{organisation}", victims.id().value())
                .replace("{operation}", "getUsage")
                .replace("{api}", "usage-v2")
                .replace("{plan}", "growth")
                .replace("{path+}", "v2/account/usage")
                .replace("{invoice}", YearMonth.now(ZoneOffset.UTC).toString())
                .replace("{line}", "2")
                .replace("{guide}", "limits")
                .replaceAll(TEMPLATE_PART, "0000000000000000000000000000000000000000000");
    }

    private static String found(String page, String pattern) throws Exception {
        Matcher id = Pattern.compile(pattern).matcher(victim.get(page).body());
        assertThat(id.find()).as("%s on %s", pattern, page).isTrue();
        return id.group(1);
    }

    private static HttpResponse<String> ask(Browser browser, Route route, String path) throws Exception {
        return switch (route.proof()) {
            case FORM -> browser.post(path);
            case NONE -> browser.get(path);
            case FETCH -> browser.fetch(route.method(), path, "same-origin");
        };
    }
}
