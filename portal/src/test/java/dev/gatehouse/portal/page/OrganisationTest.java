package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.NewEndpoint;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("People and their organisations")
final class OrganisationTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String PASSWORD = "correct staple horse";
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
    @DisplayName("one person may belong to several, sees one at a time, and chooses which")
    void several() throws Exception {
        Browser browser = sandbox.member("sev@example.com", "First of Two");
        HttpResponse<String> second = browser.postAndLook("/start", "name", "Second of Two", "another", "yes");
        assertThat(second.body()).contains("gate_live_", "Second of Two");
        assertThat(browser.get("/").body()).contains("Second of Two").doesNotContain("First of Two");
        assertThat(browser.get("/organisations").body()).contains("First of Two", "Second of Two");
        browser.post("/organisations/" + organisation("First of Two").id() + "/open");
        assertThat(browser.get("/").body()).contains("First of Two").doesNotContain("Second of Two");
    }

    @Test
    @DisplayName(
            "somebody invited finds the invitation after signing up, without the link, and joins with the role in it")
    void invited() throws Exception {
        Browser owner = sandbox.member("host@example.com", "Hosts Ltd");
        owner.post("/team/invitations", "mail", "newcomer@example.com", "role", "DEVELOPER");
        Browser newcomer = new Browser(sandbox.portal.uri());
        newcomer.post("/sign-up", "mail", "newcomer@example.com", "password", PASSWORD);
        newcomer.post(sandbox.linkTo("newcomer@example.com"));
        String start = newcomer.get("/start").body();
        assertThat(start).contains("You are invited", "Hosts Ltd", "Developer");
        String id = start.replaceAll("(?s).*/organisations/join/(ivt_[0-9a-z]+).*", "$1");
        assertThat(newcomer.post("/organisations/join/" + id).statusCode()).isEqualTo(303);
        assertThat(newcomer.get("/keys").body()).contains("Hosts Ltd", "Create key");
        assertThat(newcomer.get("/budget").statusCode()).isEqualTo(403);
        assertThat(newcomer.post("/organisations/join/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("an owner hands over in one step, the last owner cannot leave, a former one can")
    void handOver() throws Exception {
        Browser owner = sandbox.member("old@example.com", "Heirs Ltd");
        assertThat(owner.post("/organisation/leave").body()).contains("You are the last owner");
        owner.post("/team/invitations", "mail", "heir@example.com", "role", "READER");
        Browser heir = sandbox.member("heir@example.com", "Heir's own");
        heir.post(sandbox.letters().stream()
                .filter(letter ->
                        letter.to().equals("heir@example.com") && letter.text().contains("/invitations/"))
                .findFirst()
                .orElseThrow()
                .text()
                .replaceAll("(?s).*(/invitations/[A-Za-z0-9_-]{43}).*", "$1"));
        String team = owner.get("/team").body();
        String member = team.replaceAll("(?s).*/team/(mem_[0-9a-z]+)/owner.*", "$1");
        assertThat(owner.get("/team/" + member + "/owner").body()).contains("heir@example.com", "becomes its owner");
        owner.post("/team/" + member + "/owner");
        assertThat(owner.get("/organisation/delete").statusCode()).isEqualTo(403);
        assertThat(heir.get("/organisation").body()).contains("Heirs Ltd", "You are Owner here");
        assertThat(owner.post("/organisation/leave").headers().firstValue("Location"))
                .hasValue("/organisations");
        assertThat(owner.get("/").headers().firstValue("Location")).hasValue("/start");
    }

    @Test
    @DisplayName("of two owners who leave at the same moment, one stays")
    void bothLeave() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = "Both " + round;
            Browser one = sandbox.member("one" + round + "@example.com", name);
            Browser two = sandbox.member("two" + round + "@example.com", "Two's own " + round);
            one.post("/team/invitations", "mail", "two" + round + "@example.com", "role", "OWNER");
            two.post(sandbox.linkTo("two" + round + "@example.com"));
            String first = one.token();
            String second = two.token();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<HttpResponse<String>>> answers = threads.invokeAll(List.of(
                        () -> one.postWith(first, "/organisation/leave"),
                        () -> two.postWith(second, "/organisation/leave")));
                List<Integer> statuses = new ArrayList<>();
                for (Future<HttpResponse<String>> answer : answers) {
                    statuses.add(answer.get().statusCode());
                }
                assertThat(statuses).containsExactlyInAnyOrder(200, 303);
            }
        }
    }

    @Test
    @DisplayName(
            "an export holds all there is and no secret; deletion wants the name, revokes keys and removes endpoints")
    void deletion() throws Exception {
        Browser owner = sandbox.member("end@example.com", "Ending Ltd");
        Organisation ending = organisation("Ending Ltd");
        sandbox.webhooks.webhooks().create(ending.id(), NewEndpoint.of("http://127.0.0.1:9010/"));
        HttpResponse<String> export = owner.get("/organisation/export");
        assertThat(export.headers().firstValue("Content-Disposition").orElse(""))
                .contains("attachment");
        assertThat(Json.tree(export.body()).path("members").get(0).path("mail").asText())
                .isEqualTo("end@example.com");
        assertThat(export.body())
                .contains("webhookEndpoints", "organisation.create")
                .doesNotContain("whsec_");
        HttpResponse<String> wrong = owner.post("/organisation/delete", "name", "ending");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("Type the name as it stands", "value=\"ending\"");
        assertThat(owner.post("/organisation/delete", "name", "Ending Ltd").statusCode())
                .isEqualTo(303);
        assertThat(sandbox.organisations.keys(ending.id())).allMatch(key -> key.revokedAt() != null);
        assertThat(sandbox.organisations.find(ending.id()).orElseThrow().status())
                .isEqualTo(TenantStatus.SUSPENDED);
        assertThat(sandbox.webhooks.webhooks().endpoints(ending.id())).isEmpty();
        assertThat(owner.get("/keys").headers().firstValue("Location")).hasValue("/start");
    }

    @Test
    @DisplayName(
            "an account goes with its devices and its name in audit logs, after the password, unless it is a last owner")
    void accountDeletion() throws Exception {
        Browser owner = sandbox.member("stay@example.com", "Stay Ltd");
        assertThat(owner.post("/account/delete", "password", PASSWORD).body()).contains("last owner", "Stay Ltd");
        owner.post("/team/invitations", "mail", "goes@example.com", "role", "DEVELOPER");
        Browser goes = new Browser(sandbox.portal.uri());
        goes.post("/sign-up", "mail", "goes@example.com", "password", PASSWORD);
        goes.post(sandbox.linkTo("goes@example.com"));
        String id = goes.get("/start").body().replaceAll("(?s).*/organisations/join/(ivt_[0-9a-z]+).*", "$1");
        goes.post("/organisations/join/" + id);
        goes.post("/keys", "name", "made by one who went");
        assertThat(Json.tree(goes.get("/account/export").body())
                        .path("account")
                        .path("mail")
                        .asText())
                .isEqualTo("goes@example.com");
        assertThat(goes.post("/account/delete", "password", "not this one at all")
                        .statusCode())
                .isEqualTo(422);
        assertThat(goes.post("/account/delete", "password", PASSWORD).headers().firstValue("Location"))
                .hasValue("/sign-in?after=deleted");
        assertThat(owner.get("/team").body()).doesNotContain("goes@example.com");
        assertThat(owner.get("/audit").body()).contains("a deleted account").doesNotContain("goes@example.com");
        assertThat(owner.get("/keys").body()).contains("made by one who went");
        assertThat(new Browser(sandbox.portal.uri())
                        .post("/sign-in", "mail", "goes@example.com", "password", PASSWORD)
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    @DisplayName("another password wants the one of now, signs other devices out, and is told by mail")
    void password() throws Exception {
        Browser here = sandbox.member("pass@example.com", "Pass Ltd");
        Browser there = new Browser(sandbox.portal.uri());
        there.post("/sign-in", "mail", "pass@example.com", "password", PASSWORD);
        assertThat(here.post("/account/password", "current", "nonsense nonsense", "password", "another fine staple")
                        .body())
                .contains("This is not your current password");
        assertThat(here.post("/account/password", "current", PASSWORD, "password", "another fine staple")
                        .statusCode())
                .isEqualTo(303);
        assertThat(here.get("/keys").statusCode()).isEqualTo(200);
        assertThat(there.get("/keys").statusCode()).isEqualTo(303);
        assertThat(sandbox.letters().getLast().subject()).isEqualTo("Your password was changed");
    }

    @Test
    @DisplayName("a change of plan shows its cost first; a budget is set with its cap and read again")
    void plan() throws Exception {
        Browser owner = sandbox.member("plan@example.com", "Plans Ltd");
        sandbox.calls("Plans Ltd", 40, CLOCK.instant());
        assertThat(owner.get("/plan/growth").body())
                .contains("From Free to Growth", "Estimated total, changing now", "99.00 USD");
        assertThat(owner.get("/plan/nothing").statusCode()).isEqualTo(404);
        assertThat(owner.post("/plan/growth").statusCode()).isEqualTo(303);
        assertThat(organisation("Plans Ltd").plan().slug()).isEqualTo("growth");
        assertThat(owner.post("/budget", "amount", "much").body()).contains("Write an amount", "value=\"much\"");
        assertThat(owner.post("/budget", "amount", "250.00", "atLimit", "REFUSE_CALLS")
                        .statusCode())
                .isEqualTo(303);
        assertThat(owner.get("/billing").body()).contains("of 250.00 USD", "spend_cap");
        assertThat(owner.post("/budget/remove").statusCode()).isEqualTo(303);
        assertThat(owner.get("/billing").body()).contains("Set a budget");
        assertThat(owner.get("/audit").body()).contains("plan.change", "budget.set", "budget.remove");
    }

    private static Organisation organisation(String name) {
        return sandbox.organisations.all().stream()
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
