package dev.gatehouse.billing.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.verify.InvoiceVerifier;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The tenant's API of its bill")
final class AccountApiTest {
    private static final InternalSecrets SECRETS = new InternalSecrets(new byte[32]);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static BillingSandbox sandbox;
    private static Vertx vertx;
    private static WebServer server;
    private static TenantId acme;
    private static TenantId other;

    @BeforeAll
    static void start() throws Exception {
        sandbox = new BillingSandbox("2026-10-01T00:00:00Z");
        acme = sandbox.tenant("Acme", "growth");
        other = sandbox.tenant("Other", "growth");
        sandbox.at("2026-10-20T00:00:00Z");
        sandbox.calls(acme, "growth", "listListings", "2026-10-19T10:00:00Z", 8, 100_000);
        sandbox.at("2026-11-05T00:00:00Z");
        sandbox.run();
        sandbox.calls(acme, "growth", "getListing", "2026-11-04T10:00:00Z", 5, 3);
        vertx = Vertx.vertx();
        Router router = new Router();
        sandbox.billing.mount(router);
        server = WebServer.start(
                vertx,
                WebServer.Options.loopback("billing"),
                router,
                new CallerGuard(SECRETS, "billing", sandbox.clock),
                sandbox.clock);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        vertx.close();
        sandbox.close();
    }

    @Test
    @DisplayName("shows the month to date with the calls of the last minute, priced, as described")
    void month() throws Exception {
        JsonNode month = json("getBilling", get(acme, "/v2/account/billing"));
        assertThat(month.at("/data/units").asLong()).isEqualTo(15);
        assertThat(month.at("/data/total").asText()).isEqualTo("99.00");
        assertThat(month.at("/data/estimate").isTextual()).isTrue();
        assertThat(month.at("/data/budget").isNull()).isTrue();
    }

    @Test
    @DisplayName("lists invoices, and opens each as JSON, page and PDF; nobody else finds it")
    void invoices() throws Exception {
        JsonNode list = json("listInvoices", get(acme, "/v2/account/invoices"));
        assertThat(list.at("/data/0/state").asText()).isEqualTo("draft");
        assertThat(list.at("/data/1/state").asText()).isEqualTo("final");
        String id = list.at("/data/1/id").asText();
        JsonNode invoice = json("getInvoice", get(acme, "/v2/account/invoices/" + id));
        assertThat(invoice.at("/data/total").asText()).isEqualTo("219.00");
        assertThat(invoice.at("/data/lines/1/units").asLong()).isEqualTo(800_000);
        assertThat(get(acme, "/v2/account/invoices/" + id + "?format=pdf").body())
                .startsWith("%PDF-");
        assertThat(send(request(acme, "/v2/account/invoices/" + id).header("Accept", "text/html"))
                        .body())
                .contains("<h1>Invoice ");
        assertThat(get(other, "/v2/account/invoices/" + id).statusCode()).isEqualTo(404);
        assertThat(get(acme, "/v2/account/invoices/inv_nonsense").statusCode()).isEqualTo(404);
        assertThat(get(acme, "/v2/account/invoices/" + id + "?format=doc").statusCode())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("opens a line to its calls, page by page and as CSV, and gives a bundle that verifies")
    void line() throws Exception {
        String id = json("listInvoices", get(acme, "/v2/account/invoices"))
                .at("/data/1/id")
                .asText();
        String path = "/v2/account/invoices/" + id + "/lines/2/calls";
        JsonNode first = json("listLineCalls", get(acme, path + "?limit=5"));
        assertThat(first.at("/data").size()).isEqualTo(5);
        JsonNode second = json(
                "listLineCalls",
                get(acme, path + "?limit=5&cursor=" + first.at("/page/next").asText()));
        assertThat(second.at("/data").size()).isEqualTo(3);
        assertThat(second.at("/page/next").isNull()).isTrue();
        HttpResponse<String> csv = send(request(acme, path + "?limit=5").header("Accept", "text/csv"));
        assertThat(csv.body().lines()).hasSize(6);
        assertThat(csv.headers().firstValue("X-Next-Cursor")).isPresent();
        assertThat(get(acme, "/v2/account/invoices/" + id + "/lines/1/calls").statusCode())
                .isEqualTo(404);
        assertThat(get(acme, "/v2/account/invoices/" + id + "/lines/99/calls").statusCode())
                .isEqualTo(404);
        HttpResponse<String> bad = get(acme, path + "?cursor=garbage");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(Json.tree(bad.body()).at("/errors/0/field").asText()).isEqualTo("cursor");
        HttpResponse<String> evidence = get(acme, "/v2/account/invoices/" + id + "/evidence");
        json("getEvidence", evidence);
        InvoiceVerifier.Verdict verdict = InvoiceVerifier.verify(evidence.body().getBytes(StandardCharsets.UTF_8));
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.computed()).isEqualTo("219.00 USD");
    }

    @Test
    @DisplayName("takes a budget and ends it, and names what is wrong with one")
    void budget() throws Exception {
        String path = "/v2/account/billing/budget";
        HttpResponse<String> set = send(request(other, "PUT", path)
                .method("PUT", body("{\"amount\":\"250.00\",\"currency\":\"USD\",\"atLimit\":\"refuse_calls\"}"))
                .header("Content-Type", "application/json"));
        assertThat(json("setBudget", set).at("/data/amount").asText()).isEqualTo("250.00");
        assertThat(json("getBilling", get(other, "/v2/account/billing"))
                        .at("/data/budget/atLimit")
                        .asText())
                .isEqualTo("refuse_calls");
        HttpResponse<String> bad = send(request(other, "PUT", path)
                .method("PUT", body("{\"amount\":\"250.00\",\"currency\":\"EUR\"}"))
                .header("Content-Type", "application/json"));
        assertThat(bad.statusCode()).isEqualTo(422);
        assertThat(Json.tree(bad.body()).at("/errors/0/field").asText()).isEqualTo("currency");
        assertThat(send(request(other, "DELETE", path).DELETE()).statusCode()).isEqualTo(204);
    }

    @Test
    @DisplayName("previews a change of plan")
    void preview() throws Exception {
        JsonNode preview = json("previewPlan", get(acme, "/v2/account/billing/plans/scale/preview"));
        assertThat(preview.at("/data/charge").asText()).isEqualTo("432.47");
        assertThat(get(acme, "/v2/account/billing/plans/nonsense/preview").statusCode())
                .isEqualTo(404);
    }

    @TestFactory
    @DisplayName("answers no operation to a test key, and lets it change nothing")
    Stream<DynamicTest> testKeys() {
        return BillingModule.description().operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.id(), () -> {
                    String path = operation
                            .path()
                            .replace("{plan}", "scale")
                            .replace("{invoice}", "inv_00000000000000000000000001")
                            .replace("{line}", "1");
                    String method = operation.method().toUpperCase(Locale.ROOT);
                    HttpResponse<String> answer = send(request(acme, method, path, KeyMode.TEST)
                            .method(
                                    method,
                                    operation.id().equals("setBudget")
                                            ? body(
                                                    "{\"amount\":\"1.00\",\"currency\":\"USD\",\"atLimit\":\"refuse_calls\"}")
                                            : HttpRequest.BodyPublishers.noBody())
                            .header("Content-Type", "application/json"));
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
                    assertThat(Json.tree(answer.body()).path("code").asText()).isEqualTo("key_mode");
                    assertThat(sandbox.billing.budgets().find(acme)).isEmpty();
                }));
    }

    private static HttpRequest.BodyPublisher body(String json) {
        return HttpRequest.BodyPublishers.ofString(json);
    }

    private static JsonNode json(String operation, HttpResponse<String> answer) {
        assertThat(BillingModule.description()
                        .faults(
                                operation,
                                answer.statusCode(),
                                answer.headers().firstValue("Content-Type").orElse(""),
                                answer.body()))
                .as(answer.body())
                .isEmpty();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.tree(answer.body());
    }

    private static HttpResponse<String> get(TenantId tenant, String path) throws Exception {
        return send(request(tenant, path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }

    private static HttpRequest.Builder request(TenantId tenant, String path) {
        return request(tenant, "GET", path);
    }

    private static HttpRequest.Builder request(TenantId tenant, String method, String path) {
        return request(tenant, method, path, KeyMode.LIVE);
    }

    private static HttpRequest.Builder request(TenantId tenant, String method, String path, KeyMode mode) {
        CallerIdentity caller = new CallerIdentity(
                tenant,
                "slug",
                "growth",
                new KeyId(PrefixedId.of(KeyId.PREFIX, 1_700_000_000_000L, 0, 1)),
                mode,
                Set.of("*"),
                Set.of("*"),
                "req_1",
                sandbox.clock.instant());
        return HttpRequest.newBuilder(URI.create(server.uri() + path))
                .header(
                        IdentitySeal.HEADER,
                        new IdentitySeal(SECRETS, "billing").seal(caller, new SealedCall(method, path)));
    }
}
