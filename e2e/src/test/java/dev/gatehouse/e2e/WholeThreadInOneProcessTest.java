package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.e2e.harness.Browser;
import dev.gatehouse.e2e.harness.Launcher;
import dev.gatehouse.e2e.harness.Mails;
import dev.gatehouse.e2e.harness.Stranger;
import dev.gatehouse.e2e.harness.Topology;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("One process: one thread through all of Gatehouse")
class WholeThreadInOneProcessTest extends JavaClient {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String MAPPING = """
            source: {originatingSystem: village}
            fields:
              PropertyKey: {key: [PARCEL], prefix: vil}
              ListingKey: {key: ['=PropertyKey', '=CloseDate'], prefix: vil-sale}
              StandardStatus: {constant: Closed}
              PropertyType: {constant: Residential}
              ClosePrice: PRICE
              CloseDate: SOLD
              City: {constant: Grandvillage}
            reject:
              - {field: ClosePrice, below: 1000, reason: gift}
            """;
    private static final String ROWS = """
            PARCEL,PRICE,SOLD
            1,250000,2024-05-01
            2,310000,2024-06-01
            2,310000,2024-06-01
            3,1,2024-06-02
            """;

    private final Path folder;

    WholeThreadInOneProcessTest(@TempDir Path folder) throws Exception {
        super(Topology.oneProcess(folder));
        this.folder = folder;
    }

    private Launcher.Result imported(Path file, String... more) throws Exception {
        String mapping =
                Files.writeString(file.resolveSibling("village.yaml"), MAPPING).toString();
        List<String> arguments = new ArrayList<>(
                List.of("import", file.toString(), "--mapping", mapping, "--data", folder.toString(), "--json"));
        arguments.addAll(List.of(more));
        return Launcher.run(arguments.toArray(String[]::new));
    }

    @Test
    @DisplayName(
            "in a browser: sign-up, mail, key, pasted curl, lit page, a graph that moves, revoke, 401 within a second")
    void stranger() throws Exception {
        if (!Stranger.hasBrowser()) {
            System.out.println("Left out: the whole path in a browser. Add it with: apt-get install chromium");
        }
        Assumptions.assumeTrue(Stranger.hasBrowser(), "Chromium is missing: apt-get install chromium");
        try (Stranger stranger = new Stranger(topology().status())) {
            stranger.signsUp("grace@example.com", "Nanoseconds Ltd");
            Stranger.Answer first = stranger.pastesCurl();
            assertThat(first.status()).as(first.body().toString()).isEqualTo(200);
            assertThat(first.body().path("data")).hasSize(1);
            assertThat(stranger.seesItLit()).contains("Your first call is here: 200");
            stranger.opensUsage();
            int before = stranger.graphed();
            assertThat(before).isPositive();
            stranger.pastesCurl();
            soon(() -> assertThat(stranger.graphed()).isEqualTo(before + 1));
            String said = stranger.revokesTheKey();
            Instant revoked = Instant.now();
            assertThat(said).contains("This key was revoked on", "key_revoked");
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(SOON)
                    .until(() -> stranger.pastesCurl().status() == 401);
            assertThat(Duration.between(revoked, Instant.now())).isLessThan(Duration.ofSeconds(1));
            assertThat(stranger.pastesCurl().body().path("code").asText()).isEqualTo("key_revoked");
        }
    }

    @Test
    @DisplayName(
            "an operator makes a tenant ready and invites its owner, who takes it over, calls on its plan, and is told of a spent budget")
    void invitedByOperator() throws Exception {
        String mail = "zoe@ready.example";
        Launcher.Result invited =
                Launcher.run("tenant", "invite", mail, "--plan", "growth", "--data", folder.toString());
        assertThat(invited.exit()).as(invited.err()).isZero();
        assertThat(invited.out()).contains("Invited " + mail);
        JsonNode status = topology().status();
        String invitation = Mails.linkTo(status, mail, "invitations").getPath();
        Browser zoe = new Browser(URI.create(status.at("/portal/url").asText()));
        // whoever else holds the link must not learn from it to whom it was sent
        assertThat(zoe.get(invitation).body()).contains("Join ready.example").doesNotContain(mail);
        zoe.post("/sign-up", "mail", mail, "password", "correct staple horse");
        String verify = Mails.linkTo(status, mail, "verify").getPath();
        zoe.get(verify);
        zoe.post(verify);
        assertThat(zoe.post(invitation).headers().firstValue("Location")).hasValue("/keys/new");
        Matcher key = KEY.matcher(zoe.postAndLook("/keys", "name", "first").body());
        assertThat(key.find()).isTrue();
        HttpResponse<String> answer = send(api("/v2/listings?limit=1", key.group()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-RateLimit-Plan")).hasValue("growth");
        assertThat(zoe.get("/team").body()).contains(mail, "Owner");
        // the month's fee alone is more than that
        assertThat(zoe.post("/budget", "amount", "0.10", "atLimit", "TELL").statusCode())
                .isEqualTo(303);
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(send(HttpRequest.newBuilder(
                                        URI.create(status.at("/mail/url").asText() + "/mails.json")))
                                .body())
                        .contains("ready.example has used 100 % of its budget"));
    }

    @Test
    @DisplayName("whatever the gateway fronts of ours stands in the API reference, with each of its operations")
    void referenceIsWhole() throws Exception {
        JsonNode routes = Launcher.run("route", "list", "--data", folder.toString(), "--json")
                .json();
        assertThat(routes.toString()).contains("history", "listings-v1", "signals", "enrichment");
        String reference = new Browser(
                        URI.create(topology().status().at("/portal/url").asText()))
                .get("/reference")
                .body();
        for (JsonNode route : routes.path("data")) {
            for (JsonNode operation : route.path("operations")) {
                assertThat(reference)
                        .as("%s of %s", operation, route.path("name"))
                        .contains(
                                "/reference/operations/" + operation.path("id").asText());
            }
        }
    }

    @Test
    @DisplayName("an imported home is found by the next call, and importing the file again changes nothing")
    void importedHomesAreFound(@TempDir Path elsewhere) throws Exception {
        Path file = Files.writeString(elsewhere.resolve("village.csv"), ROWS);
        assertThat(call("/v2/listings?city=Grandvillage").path("data")).isEmpty();
        JsonNode dry = imported(file, "--dry-run").json();
        assertThat(dry.path("read").asInt()).isEqualTo(4);
        assertThat(call("/v2/listings?city=Grandvillage").path("data")).isEmpty();

        Launcher.Result first = imported(file);
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.json().toString())
                .isEqualTo("{\"read\":4,\"accepted\":2,\"unchanged\":0,\"duplicates\":1,\"rejected\":{\"gift\":1}}");
        assertThat(Files.readString(elsewhere.resolve("village.csv.rejects.csv")))
                .contains("gift");
        soon(() ->
                assertThat(call("/v2/listings?city=Grandvillage").path("data")).hasSize(2));

        JsonNode status =
                Launcher.run("status", "--data", folder.toString(), "--json").json();
        Launcher.Result again = Launcher.run(
                "import",
                file.toString(),
                "--mapping",
                elsewhere.resolve("village.yaml").toString(),
                "--url",
                status.at("/admin/url").asText(),
                "--token",
                Files.readString(folder.resolve("admin-token")).strip(),
                "--json");
        assertThat(again.exit()).as(again.err()).isZero();
        JsonNode second = again.json();
        assertThat(second.path("accepted").asInt()).isZero();
        assertThat(second.path("unchanged").asInt()).isEqualTo(2);
    }

    @Test
    @DisplayName("an import of a file that is not there, or with a mapping that is not, says so and by its exit code")
    void importRefused(@TempDir Path elsewhere) throws Exception {
        Launcher.Result none = imported(elsewhere.resolve("none.csv"));
        assertThat(none.exit()).isEqualTo(4);
        Path file = Files.writeString(elsewhere.resolve("village.csv"), ROWS);
        Launcher.Result unknown =
                Launcher.run("import", file.toString(), "--mapping", "nyc-rolling", "--data", folder.toString());
        assertThat(unknown.exit()).isEqualTo(5);
        assertThat(unknown.err()).contains("nyc-rolling-sales");
        Launcher.Result nowhere =
                Launcher.run("import", file.toString(), "--mapping", "lucas-county", "--data", elsewhere.toString());
        assertThat(nowhere.exit()).isEqualTo(3);
    }
}
