package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.Weather;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Route;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("While the portal's database is away")
final class AwayTest {
    private static final String PASSWORD = "correct staple horse";
    private static Weather weather;
    private static DatabaseUrl direct;
    private static Sandbox sandbox;

    @BeforeAll
    static void start() throws Exception {
        direct = DatabaseUrl.parse(EnginesForTests.newDatabase());
        int port = URI.create(direct.jdbc().substring("jdbc:".length())).getPort();
        weather = new Weather(port);
        sandbox = new Sandbox(
                InstantSource.system(),
                new DatabaseUrl(
                        direct.jdbc().replace(":" + port + "/", ":" + weather.port() + "/"),
                        direct.user(),
                        direct.password()));
    }

    @AfterAll
    static void stop() throws Exception {
        sandbox.close();
        weather.close();
    }

    @AfterEach
    void clear() throws Exception {
        weather.turn(Weather.Kind.FAIR);
        change("DROP TRIGGER IF EXISTS away ON portal.person");
        change("DROP TRIGGER IF EXISTS away ON portal.member");
        change("DROP TRIGGER IF EXISTS away ON portal.audit");
        // connections that died with the weather are found out as they are used
        Browser stranger = new Browser(sandbox.portal.uri());
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            for (int i = 0; i < 5; i++) {
                if (stranger.get("/verify/0000000000000000000000000000000000000000000")
                                .statusCode()
                        == 503) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    @DisplayName(
            "every page says so calmly, with 503 and a request id, no form changes a thing, and all is as it was after it")
    void calm() throws Exception {
        Browser owner = sandbox.member("calm@example.com", "Calm Ltd");
        Organisation calm = organisation("Calm Ltd");
        String token = owner.token();
        String team = owner.get("/team").body();
        weather.turn(Weather.Kind.REFUSING);
        List<Callable<HttpResponse<String>>> asked = new ArrayList<>();
        for (Route route : sandbox.portal.routes()) {
            String path = route.template().replaceAll("\\{[^}]+}", "0000000000000000000000000000000000000000000");
            if (route.access() != Access.PUBLIC) {
                asked.add(() -> route.proof() == Route.Proof.FETCH
                        ? owner.fetch(route.method(), path, "same-origin")
                        : route.method().equals("GET") ? owner.get(path) : owner.postWith(token, path, "name", "x y"));
            }
        }
        asked.add(() -> owner.get("/sign-in"));
        asked.add(() -> new Browser(sandbox.portal.uri()).get("/verify/0000000000000000000000000000000000000000000"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<HttpResponse<String>> answer : threads.invokeAll(asked)) {
                HttpResponse<String> page = answer.get();
                assertThat(page.statusCode()).as("%s", page.uri()).isEqualTo(503);
                assertThat(page.body())
                        .as("%s", page.uri())
                        .contains("The portal pauses", "Nothing was changed", "Request id")
                        .doesNotContain("Exception", "SQL");
                assertThat(page.headers().firstValue("X-Request-ID")).isPresent();
                assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
                assertThat(page.headers().firstValue("Retry-After")).isPresent();
            }
        }
        assertThat(asked).hasSizeGreaterThan(70);
        weather.turn(Weather.Kind.FAIR);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(owner.get("/team").statusCode()).isEqualTo(200));
        assertThat(owner.get("/team").body()).isEqualTo(team);
        assertThat(sandbox.organisations.keys(calm.id())).hasSize(2).allMatch(key -> key.revokedAt() == null);
        assertThat(organisation("Calm Ltd").plan()).isEqualTo(calm.plan());
    }

    @Test
    @DisplayName("what needs no account is served all the same: guides, the reference, style")
    void served() throws Exception {
        weather.turn(Weather.Kind.REFUSING);
        Browser stranger = new Browser(sandbox.portal.uri());
        for (String path : List.of("/docs", "/docs/quickstart", "/reference", "/sign-in", "/sign-up")) {
            assertThat(stranger.get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("a confirmation that breaks off half way leaves its link good, and works the second time")
    void confirmation() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        browser.post("/sign-up", "mail", "half@example.com", "password", PASSWORD);
        String link = sandbox.linkTo("half@example.com");
        breakOff("UPDATE", "person");
        assertThat(browser.post(link).statusCode()).isEqualTo(503);
        change("DROP TRIGGER away ON portal.person");
        assertThat(browser.post(link).headers().firstValue("Location")).hasValue("/start");
        browser.post("/sign-out");
        browser.post("/forgot", "mail", "half@example.com");
        String reset = sandbox.linkTo("half@example.com");
        breakOff("UPDATE", "person");
        assertThat(browser.post(reset, "password", "another fine staple").statusCode())
                .isEqualTo(503);
        change("DROP TRIGGER away ON portal.person");
        assertThat(browser.post(reset, "password", "another fine staple").statusCode())
                .isEqualTo(303);
        assertThat(browser.post("/sign-in", "mail", "half@example.com", "password", "another fine staple")
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    @DisplayName("an invitation whose taking breaks off half way is still open")
    void invitation() throws Exception {
        Browser owner = sandbox.member("inviter@example.com", "Inviting Ltd");
        owner.post("/team/invitations", "mail", "guest@example.com", "role", "READER");
        String link = sandbox.linkTo("guest@example.com");
        Browser guest = sandbox.member("guest@example.com", "Guest Ltd");
        breakOff("INSERT", "audit");
        assertThat(guest.post(link).statusCode()).isEqualTo(503);
        change("DROP TRIGGER away ON portal.audit");
        assertThat(owner.get("/team").body().split("guest@example.com", -1)).hasSize(2);
        assertThat(guest.post(link).statusCode()).isEqualTo(303);
        assertThat(guest.get("/team").body()).contains("Inviting Ltd");
    }

    @Test
    @DisplayName("an organisation that got no owner is closed again, and the next try makes it whole")
    void ownerless() throws Exception {
        Browser browser = new Browser(sandbox.portal.uri());
        browser.post("/sign-up", "mail", "founder@example.com", "password", PASSWORD);
        browser.post(sandbox.linkTo("founder@example.com"));
        breakOff("INSERT", "member");
        assertThat(browser.post("/start", "name", "Orphan Ltd").statusCode()).isEqualTo(503);
        assertThat(organisation("Orphan Ltd").status()).isEqualTo(TenantStatus.SUSPENDED);
        assertThat(sandbox.organisations.keys(organisation("Orphan Ltd").id())).isEmpty();
        change("DROP TRIGGER away ON portal.member");
        assertThat(browser.postAndLook("/start", "name", "Founded Ltd").body()).contains("gate_live_");
    }

    @Test
    @DisplayName("a key that was made is shown though its audit entry cannot be written")
    void shown() throws Exception {
        Browser owner = sandbox.member("shown@example.com", "Shown Ltd");
        breakOff("INSERT", "audit");
        assertThat(owner.postAndLook("/keys", "name", "nightly").body()).contains("gate_live_");
    }

    /** From now on, such a statement ends as when the server is shut down under it. */
    private static void breakOff(String statement, String table) throws SQLException {
        change("CREATE OR REPLACE FUNCTION portal.away() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'terminating connection' USING ERRCODE = '57P01'; END $$");
        change("CREATE TRIGGER away BEFORE " + statement + " ON portal." + table
                + " FOR EACH ROW EXECUTE FUNCTION portal.away()");
    }

    private static void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(direct.jdbc(), direct.user(), direct.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Organisation organisation(String name) {
        return sandbox.organisations.all().stream()
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
