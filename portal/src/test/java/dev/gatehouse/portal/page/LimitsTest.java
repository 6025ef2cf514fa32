package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What ends by itself")
final class LimitsTest {
    private static final SettableClock CLOCK = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));
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
    @DisplayName("a link for a day is worth nothing after it, and the page offers a new one")
    void lateLink() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        browser.post("/sign-up", "mail", "late@example.com", "password", "correct staple horse");
        String link = sandbox.linkTo("late@example.com");
        CLOCK.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(browser.get(link).statusCode()).isEqualTo(410);
        HttpResponse<String> late = browser.post(link);
        assertThat(late.statusCode()).isEqualTo(410);
        assertThat(late.body()).contains("older than 24 hours", "we send a new link");
        assertThat(browser.post("/sign-in", "mail", "late@example.com", "password", "correct staple horse")
                        .body())
                .contains("We sent a link to");
        assertThat(sandbox.linkTo("late@example.com")).isNotEqualTo(link);
    }

    @Test
    @DisplayName("an invitation works for a week, and once")
    void lateInvitation() throws Exception {
        Browser owner = sandbox.member("owner@example.com", "Weeks Ltd");
        Browser guest = sandbox.member("guest@example.com", "Guest Ltd");
        owner.post("/team/invitations", "mail", "guest@example.com", "role", "DEVELOPER");
        String link = sandbox.linkTo("guest@example.com");
        CLOCK.advance(Duration.ofDays(7).plusSeconds(1));
        guest.post("/sign-in", "mail", "guest@example.com", "password", "correct staple horse");
        owner.post("/sign-in", "mail", "owner@example.com", "password", "correct staple horse");
        assertThat(guest.post(link).statusCode()).isEqualTo(410);
        owner.post("/team/invitations", "mail", "guest@example.com", "role", "DEVELOPER");
        String fresh = sandbox.linkTo("guest@example.com");
        assertThat(guest.post(fresh).statusCode()).isEqualTo(303);
        assertThat(guest.get("/team").body()).contains("Weeks Ltd", "owner@example.com");
        assertThat(guest.post(fresh).statusCode()).isEqualTo(410);
    }

    @Test
    @DisplayName("a new key's page shows it for a minute and no longer, and not to the person's other sessions")
    void shownForAMinute() throws Exception {
        Browser browser = sandbox.member("minute@example.com", "Minute Ltd");
        String late = browser.post("/keys", "name", "late")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        CLOCK.advance(Duration.ofSeconds(61));
        assertThat(browser.get(late).statusCode()).isEqualTo(303);
        String page = browser.post("/keys", "name", "next")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Browser second = new Browser(sandbox.portal.uri());
        second.post("/sign-in", "mail", "minute@example.com", "password", "correct staple horse");
        assertThat(second.get(page).statusCode()).isEqualTo(303);
        assertThat(browser.get(page).body()).contains("gate_live_");
    }

    @Test
    @DisplayName("a refused try says when the next may be made")
    void retryAfter() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        HttpResponse<String> last = browser.get("/sign-in");
        for (int i = 0; i < 9; i++) {
            last = browser.post("/sign-in", "mail", "tried@example.com", "password", "wrong wrong wrong");
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(last.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 600);
        CLOCK.advance(Duration.ofSeconds(
                Integer.parseInt(last.headers().firstValue("Retry-After").orElseThrow())));
        assertThat(browser.post("/sign-in", "mail", "tried@example.com", "password", "wrong wrong wrong")
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    @DisplayName("a session goes on under another token after an hour; the old one holds for a minute more")
    void rotation() throws Exception {
        Browser browser = sandbox.member("turn@example.com", "Turn Ltd");
        String first = browser.cookie("gatehouse_session");
        assertThat(browser.get("/keys").statusCode()).isEqualTo(200);
        assertThat(browser.cookie("gatehouse_session")).isEqualTo(first);
        String form = browser.token();
        CLOCK.advance(Duration.ofHours(1).plusSeconds(1));
        // a form that was shown before is still good: it is tied to the session, not to its token of the moment
        assertThat(browser.postWith(form, "/keys", "name", "after an hour").statusCode())
                .isEqualTo(303);
        assertThat(browser.cookie("gatehouse_session")).isNotEmpty().isNotEqualTo(first);
        assertThat(withCookie(first)).isEqualTo(200);
        CLOCK.advance(Duration.ofSeconds(61));
        assertThat(withCookie(first)).isEqualTo(303);
        assertThat(browser.get("/keys").statusCode()).isEqualTo(200);
        CLOCK.advance(Duration.ofDays(14));
        assertThat(browser.get("/keys").statusCode()).isEqualTo(303);
    }

    @Test
    @DisplayName("one address that tries many accounts is stopped, and may go on ten minutes later")
    void stuffing() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        String token = browser.token();
        CLOCK.advance(Duration.ofMinutes(11));
        int refused = 0;
        for (int i = 0; i < 62; i++) {
            int status = browser.postWith(
                            token, "/sign-in", "mail", "stuffed" + i + "@example.com", "password", "Winter2025!x")
                    .statusCode();
            refused += status == 429 ? 1 : 0;
        }
        assertThat(refused).isEqualTo(2);
        CLOCK.advance(Duration.ofMinutes(11));
        assertThat(browser.postWith(token, "/sign-in", "mail", "one@example.com", "password", "Winter2025!x")
                        .statusCode())
                .isEqualTo(422);
    }

    private static int withCookie(String token) throws Exception {
        return new Browser(sandbox.portal.uri())
                .get("/keys", "Cookie", "gatehouse_session=" + token)
                .statusCode();
    }
}
