package dev.gatehouse.billing.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Billing in the admin API")
final class BillingAdminTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private BillingSandbox sandbox;
    private Vertx vertx;
    private TenantId acme;

    @BeforeEach
    void start() throws Exception {
        sandbox = new BillingSandbox("2026-10-01T00:00:00Z");
        vertx = Vertx.vertx();
        sandbox.directoryModule.serve(
                vertx, new InternalSecrets(new byte[32]), Map.of(), List.of(sandbox.billing.administration()));
        acme = sandbox.tenant("Acme", "growth");
        sandbox.at("2026-10-20T00:00:00Z");
        sandbox.calls(acme, "growth", "listListings", "2026-10-19T10:00:00Z", 8, 100_000);
    }

    @AfterEach
    void stop() throws Exception {
        sandbox.close();
        vertx.close();
    }

    @Test
    @DisplayName("adds versions of prices that never change, with the field named when one is refused")
    void prices() throws Exception {
        String prices = """
                {"from":"2026-11-01T00:00:00Z","baseFee":"120.00","includedUnits":500000,"units":{"flat":"0.30"}}""";
        assertThat(call("PUT", "/billing/prices/growth/USD/2", prices).statusCode())
                .isEqualTo(200);
        assertThat(call("PUT", "/billing/prices/growth/USD/2", prices).statusCode())
                .isEqualTo(200);
        field(call("PUT", "/billing/prices/growth/USD/2", prices.replace("120.00", "130.00")), "version");
        field(call("PUT", "/billing/prices/growth/USD/4", prices), "version");
        field(call("PUT", "/billing/prices/growth/USD/3", prices), "from");
        field(call("PUT", "/billing/prices/growth/USD/3", prices.replace("2026-11-01", "2026-09-01")), "from");
        field(call("PUT", "/billing/prices/growth/USD/3", prices.replace("120.00", "120.0001")), "baseFee");
        assertThat(call("PUT", "/billing/prices/nonsense/USD/1", prices).statusCode())
                .isEqualTo(404);
        String move = "/billing/prices/growth/USD/2/move";
        field(call("POST", move, "{\"from\":\"2026-10-30T00:00:00Z\"}"), "from");
        field(call("POST", move, "{\"from\":\"2026-10-01T00:00:00Z\"}"), "from");
        field(call("POST", move, "{\"from\":\"2026-11-10T00:30:00Z\"}"), "from");
        String from = "{\"from\":\"2026-12-01T00:00:00Z\"}";
        JsonNode preview = ok(call("POST", move + "?dryRun=true", from));
        assertThat(preview.at("/after/tenants/0/slug").asText()).isEqualTo("acme");
        assertThat(preview.at("/after/tenants/0/newBaseFee").asText()).isEqualTo("120.00");
        assertThat(preview.at("/after/tenants")).hasSize(1);
        sandbox.at("2026-11-02T00:00:00Z");
        assertThat(monthToDate()).isEqualTo("99.00 USD");
        ok(call("POST", move, from));
        assertThat(ok(call("POST", move, from)).path("tenants"))
                .as("moved again")
                .isEmpty();
        assertThat(monthToDate()).isEqualTo("99.00 USD");
        sandbox.at("2026-12-02T00:00:00Z");
        assertThat(monthToDate()).isEqualTo("120.00 USD");
    }

    private String monthToDate() {
        return sandbox.billing.monthToDate(acme).orElseThrow().draft().total().toString();
    }

    @Test
    @DisplayName("does not let an override that has ended come back: its end is only ever drawn nearer")
    void endedOverride() throws Exception {
        String own = """
                {"currency":"USD","from":"2026-10-21T00:00:00Z","until":"2026-11-10T00:00:00Z","discountPercent":"50"}""";
        String id = ok(call("POST", "/tenants/acme/billing/overrides", own))
                .path("id")
                .asText();
        String end = "/tenants/acme/billing/overrides/" + id + "/end";
        field(call("POST", end, "{\"until\":\"2026-12-01T00:00:00Z\"}"), "until");
        sandbox.at("2026-11-20T00:00:00Z");
        String before = monthToDate();
        field(call("POST", end, "{\"until\":\"2026-12-01T00:00:00Z\"}"), "until");
        field(call("POST", end, "{\"until\":\"2026-11-21T00:00:00Z\"}"), "until");
        assertThat(monthToDate()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "ends the agreement with a tenant that is suspended, after which it cannot be resumed and no line can be put on")
    void end() throws Exception {
        field(call("POST", "/tenants/acme/billing/end?reason=left", null), "tenant");
        ok(call("POST", "/tenants/acme/suspend?reason=left", null));
        assertThat(ok(call("POST", "/tenants/acme/billing/end?reason=left", null))
                        .path("endedAt")
                        .asText())
                .isEqualTo("2026-10-20T00:00:00Z");
        sandbox.at("2026-10-25T00:00:00Z");
        assertThat(ok(call("POST", "/tenants/acme/billing/end?reason=again", null))
                        .path("endedAt")
                        .asText())
                .isEqualTo("2026-10-20T00:00:00Z");
        field(call("POST", "/tenants/acme/resume", null), "tenant");
        field(
                call(
                        "POST",
                        "/tenants/acme/billing/lines?reason=x",
                        "{\"amount\":\"-20.00\",\"currency\":\"USD\",\"text\":\"x\"}"),
                "tenant");
    }

    @Test
    @DisplayName("another currency leaves the month in grace and its late usage in the old one, and nothing is lost")
    void currencyInGrace() throws Exception {
        ok(call(
                "PUT",
                "/billing/prices/growth/EUR/1",
                "{\"baseFee\":\"90.00\",\"includedUnits\":500000,\"units\":{\"flat\":\"0.40\"}}"));
        sandbox.at("2026-11-02T00:00:00Z");
        sandbox.run();
        ok(call("PUT", "/tenants/acme/billing/currency", "{\"currency\":\"EUR\"}"));
        assertThat(monthToDate()).isEqualTo("90.00 EUR");
        // the usual grace is over, and usage of October can still be late
        sandbox.at("2026-11-03T06:00:00Z");
        assertThat(sandbox.run().finished()).isZero();
        sandbox.calls(acme, "growth", "listListings", "2026-10-31T22:00:00Z", 4, 10_000);
        sandbox.at("2026-11-04T00:00:00Z");
        assertThat(sandbox.run().finished()).isEqualTo(1);
        InvoiceId october = InvoiceId.of(acme, BillingPeriod.of(YearMonth.of(2026, 10)));
        assertThat(ok(call("GET", "/billing/invoices/" + october, null))
                                .path("total")
                                .asText() + " "
                        + ok(call("GET", "/billing/invoices/" + october, null))
                                .path("currency")
                                .asText())
                .isEqualTo("235.00 USD");
        assertThat(ok(call("GET", "/billing/reconciliation?month=2026-10", null))
                        .path("agrees")
                        .asBoolean())
                .isTrue();
    }

    @Test
    @DisplayName("another currency is refused while something waits that only an invoice in the old one could bear")
    void currencyRefused() throws Exception {
        ok(call(
                "PUT",
                "/billing/prices/growth/EUR/1",
                "{\"baseFee\":\"90.00\",\"includedUnits\":500000,\"units\":{\"flat\":\"0.40\"}}"));
        sandbox.at("2026-11-03T00:00:00Z");
        sandbox.run();
        String euro = "{\"currency\":\"EUR\"}";
        HttpResponse<String> late = call("PUT", "/tenants/acme/billing/currency", euro);
        field(late, "currency");
        assertThat(late.body()).contains("2026-11-04T00:00:00Z");
        sandbox.at("2026-11-03T06:00:00Z");
        sandbox.calls(acme, "growth", "listListings", "2026-10-31T22:00:00Z", 4, 10_000);
        sandbox.at("2026-11-10T00:00:00Z");
        field(call("PUT", "/tenants/acme/billing/currency", euro), "currency");
        sandbox.at("2026-12-10T00:00:00Z");
        sandbox.run();
        ok(call(
                "POST",
                "/tenants/acme/billing/lines?reason=x",
                "{\"amount\":\"-20.00\",\"currency\":\"USD\",\"text\":\"x\"}"));
        field(call("PUT", "/tenants/acme/billing/currency", euro), "currency");
        sandbox.at("2027-01-10T00:00:00Z");
        sandbox.run();
        ok(call("PUT", "/tenants/acme/billing/currency", euro));
        assertThat(monthToDate()).isEqualTo("90.00 EUR");
    }

    @Test
    @DisplayName("gives a tenant prices of its own until a date, as a trial run first")
    void override() throws Exception {
        String own = """
                {"currency":"USD","from":"2026-10-21T00:00:00Z","until":"2027-01-01T00:00:00Z","discountPercent":"50"}""";
        JsonNode trial = ok(call("POST", "/tenants/acme/billing/overrides?dryRun=true", own));
        assertThat(trial.path("dryRun").asBoolean()).isTrue();
        assertThat(ok(call("GET", "/tenants/acme/billing", null)).path("overrides"))
                .isEmpty();
        String id = ok(call("POST", "/tenants/acme/billing/overrides?reason=deal", own))
                .path("id")
                .asText();
        assertThat(ok(call("GET", "/tenants/acme/billing", null)).path("overrides"))
                .hasSize(1);
        sandbox.at("2026-11-15T00:00:00Z");
        assertThat(sandbox.billing
                        .monthToDate(acme)
                        .orElseThrow()
                        .draft()
                        .total()
                        .toString())
                .isEqualTo("49.50 USD");
        ok(call("POST", "/tenants/acme/billing/overrides/" + id + "/end", "{\"until\":\"2026-11-16T00:00:00Z\"}"));
        assertThat(sandbox.billing
                        .monthToDate(acme)
                        .orElseThrow()
                        .draft()
                        .total()
                        .toString())
                .isEqualTo("74.25 USD");
        field(call("POST", "/tenants/acme/billing/overrides", own), "from");
        field(call("POST", "/tenants/acme/billing/overrides", own.replace("2026-10-21", "2027-02-01")), "until");
        assertThat(sandbox.directory().audit(acme, null, 10))
                .anyMatch(record -> record.operation().equals("addPriceOverride") && "deal".equals(record.reason()));
    }

    @Test
    @DisplayName(
            "puts a line with a reason on the next invoice, closes, credits with a number, and reconciles to the unit")
    void lines() throws Exception {
        String line = "{\"amount\":\"-20.00\",\"currency\":\"USD\",\"text\":\"For the outage\"}";
        assertThat(call("POST", "/tenants/acme/billing/lines", line).statusCode())
                .isEqualTo(400);
        JsonNode before = ok(call("GET", "/tenants/acme/billing", null));
        ok(call("POST", "/tenants/acme/billing/lines?reason=promised", line));
        JsonNode after = ok(call("GET", "/tenants/acme/billing", null));
        for (String sum : List.of("monthToDate", "estimate")) {
            assertThat(new BigDecimal(after.path(sum).asText()))
                    .as(sum)
                    .isEqualTo(new BigDecimal(before.path(sum).asText()).subtract(new BigDecimal("20.00")));
        }
        field(call("POST", "/tenants/acme/billing/lines?reason=x", line.replace("USD", "EUR")), "currency");
        InvoiceId id = InvoiceId.of(acme, BillingPeriod.of(YearMonth.of(2026, 10)));
        sandbox.at("2026-11-05T00:00:00Z");
        assertThat(ok(call("POST", "/billing/close", null)).path("finished").asInt())
                .isEqualTo(1);
        JsonNode invoice = ok(call("GET", "/billing/invoices/" + id, null));
        assertThat(invoice.path("total").asText()).isEqualTo("199.00");
        assertThat(invoice.at("/lines/2/text").asText()).isEqualTo("For the outage");
        assertThat(invoice.at("/secondCalculator/differences")).isEmpty();
        assertThat(invoice.at("/history")).hasSize(2);
        String credit = "/billing/invoices/" + id + "/credit-notes?reason=wrong";
        field(call("POST", credit, "{\"amount\":\"199.01\"}"), "amount");
        assertThat(ok(call("POST", credit, "{\"amount\":\"99.00\"}"))
                        .path("number")
                        .asText())
                .isEqualTo("CRN-000001");
        field(call("POST", credit, "{\"amount\":\"100.01\"}"), "amount");
        assertThat(ok(call("POST", credit, "{\"amount\":\"100.00\"}"))
                        .path("number")
                        .asText())
                .isEqualTo("CRN-000002");
        field(call("POST", "/billing/invoices/" + id + "/approve?reason=x", null), "invoice");
        JsonNode verdict = ok(call("GET", "/billing/reconciliation?month=2026-10", null));
        assertThat(verdict.path("agrees").asBoolean()).as(verdict.toString()).isTrue();
        assertThat(verdict.path("ledger").asLong()).isEqualTo(800_000);
        assertThat(verdict.path("invoiced").asLong()).isEqualTo(800_000);
        sandbox.tamper("UPDATE rollup SET billable_units = billable_units + 1 WHERE grain = 2");
        JsonNode wrong = ok(call("GET", "/billing/reconciliation?month=2026-10", null));
        assertThat(wrong.path("agrees").asBoolean()).isFalse();
        assertThat(wrong.at("/findings/0/what").asText()).contains("800000", "800001");
        assertThat(ok(call("GET", "/billing/invoices?state=final&month=2026-10", null))
                        .path("data"))
                .hasSize(1);
    }

    @Test
    @DisplayName("rates the past under other prices and changes nothing")
    void whatIf() throws Exception {
        Map<String, String> body = Map.of(
                "prices",
                "prices:\n  - {plan: growth, currency: USD, version: 1, baseFee: \"50.00\", includedUnits: 0,"
                        + " units: {flat: \"0.10\"}}\n",
                "from",
                "2026-10",
                "to",
                "2026-10");
        JsonNode rows = ok(call("POST", "/billing/what-if", Json.text(body)));
        assertThat(rows.at("/data/0/was").asText()).isEqualTo("219.00");
        assertThat(rows.at("/data/0/would").asText()).isEqualTo("130.00");
        assertThat(rows.at("/data/0/difference").asText()).isEqualTo("-89.00");
        assertThat(ok(call("GET", "/billing/prices", null)).path("data")).hasSize(4);
        field(
                call(
                        "POST",
                        "/billing/what-if",
                        Json.text(body)
                                .replace("2026-10\"}", "2026-12\"}")
                                .replace("\"to\":\"2026-10\"", "\"to\":\"2026-12\"")),
                "to");
    }

    @Test
    @DisplayName("refuses to close a month that is still open, naming the field, and closes one that is over")
    void openPeriod() throws Exception {
        HttpResponse<String> open = call("POST", "/billing/close?month=2026-10", null);
        field(open, "month");
        assertThat(Json.tree(open.body()).at("/errors/0/message").asText())
                .isEqualTo("is still open: it ends at 2026-11-01T00:00:00Z");
        field(call("POST", "/billing/close?month=2026-12", null), "month");
        assertThat(call("POST", "/billing/close?month=2026-13", null).statusCode())
                .isEqualTo(400);
        sandbox.at("2026-10-31T23:59:59Z");
        field(call("POST", "/billing/close?month=2026-10", null), "month");
        assertThat(invoices("2026-10")).isEmpty();
        sandbox.at("2026-11-01T00:00:00Z");
        JsonNode first = ok(call("POST", "/billing/close?month=2026-10", null));
        assertThat(first.path("drafted").asInt()).isEqualTo(1);
        assertThat(first.path("finished").asInt()).isZero();
        sandbox.at("2026-12-20T00:00:00Z");
        assertThat(ok(call("POST", "/billing/close?month=2026-10", null))
                        .path("finished")
                        .asInt())
                .isEqualTo(1);
        assertThat(invoices("2026-11")).isEmpty();
        field(call("GET", "/billing/reconciliation?month=2027-01", null), "month");
    }

    private JsonNode invoices(String month) throws Exception {
        return ok(call("GET", "/billing/invoices?month=" + month, null)).path("data");
    }

    @Test
    @DisplayName("answers a change that is sent again under its Idempotency-Key as before, and makes it once")
    void sentAgain() throws Exception {
        again("k-line", "/tenants/acme/billing/lines?reason=x", """
                {"amount":"-20.00","currency":"USD","text":"For the outage"}""");
        assertThat(count("extra_line")).isEqualTo(1);
        String override = again("k-override", "/tenants/acme/billing/overrides", """
                {"currency":"USD","from":"2026-12-01T00:00:00Z","discountPercent":"50"}""")
                .path("id")
                .asText();
        assertThat(count("price_override")).isEqualTo(1);
        again("k-end", "/tenants/acme/billing/overrides/" + override + "/end", "{\"until\":\"2027-01-01T00:00:00Z\"}");
        InvoiceId id = InvoiceId.of(acme, BillingPeriod.of(YearMonth.of(2026, 10)));
        sandbox.at("2026-11-01T00:00:00Z");
        ok(call("POST", "/billing/close", null));
        for (String state : List.of("HELD", "PARKED")) {
            sandbox.store()
                    .runAsSystem(
                            session -> session.invoices().move(id, InvoiceState.valueOf(state), "looked at by hand"));
            String word = state.equals("HELD") ? "approve" : "recheck";
            again("k-" + word, "/billing/invoices/" + id + "/" + word + "?reason=looked", null);
        }
        assertThat(count("invoice_change")).as("grace, approved, rechecked").isEqualTo(3);
        sandbox.at("2026-11-05T00:00:00Z");
        assertThat(ok(call("POST", "/billing/close", null)).path("finished").asInt())
                .isEqualTo(1);
        assertThat(ok(call("POST", "/billing/close", null)).path("finished").asInt())
                .isZero();
        again("k-credit", "/billing/invoices/" + id + "/credit-notes?reason=wrong", "{\"amount\":\"99.00\"}");
        assertThat(count("credit_note")).isEqualTo(1);
        assertThat(sandbox.directory().audit(acme, null, 50).stream()
                        .map(record -> record.operation())
                        .filter(operation -> !operation.equals("createTenant")))
                .containsExactlyInAnyOrder(
                        "addInvoiceLine",
                        "addPriceOverride",
                        "endPriceOverride",
                        "approveInvoice",
                        "recheckInvoice",
                        "creditInvoice");
    }

    /** Sends the same twice and something else under its key; each is to be answered as it should. */
    private JsonNode again(String key, String path, @Nullable String body) throws Exception {
        HttpResponse<String> first = call("POST", path, body, key);
        JsonNode answer = ok(first);
        HttpResponse<String> second = call("POST", path, body, key);
        assertThat(second.statusCode()).isEqualTo(first.statusCode());
        assertThat(Json.tree(second.body())).isEqualTo(answer);
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(call("POST", path.replaceFirst("\\?.*", "") + "?reason=other", body, key)
                        .statusCode())
                .as("another request under the same key")
                .isEqualTo(409);
        return answer;
    }

    @Test
    @DisplayName("makes a change once even when the answer was lost before it was kept")
    void answerLost() throws Exception {
        String line = "{\"amount\":\"-20.00\",\"currency\":\"USD\",\"text\":\"For the outage\"}";
        String own = "{\"currency\":\"USD\",\"from\":\"2026-12-01T00:00:00Z\",\"discountPercent\":\"50\"}";
        for (int i = 0; i < 2; i++) {
            ok(call("POST", "/tenants/acme/billing/lines?reason=x", line, "lost-1"));
            ok(call("POST", "/tenants/acme/billing/overrides", own, "lost-2"));
            forgetAnswers();
        }
        assertThat(count("extra_line")).isEqualTo(1);
        assertThat(count("price_override")).isEqualTo(1);
        HttpResponse<String> other =
                call("POST", "/tenants/acme/billing/lines?reason=x", line.replace("-20", "-30"), "lost-1");
        assertThat(other.statusCode()).as(other.body()).isEqualTo(409);
    }

    private void forgetAnswers() throws Exception {
        try (Connection connection = DriverManager.getConnection(sandbox.jdbc);
                Statement sql = connection.createStatement()) {
            sql.execute("DELETE FROM directory.idempotency");
        }
    }

    private long count(String table) throws Exception {
        try (Connection connection = DriverManager.getConnection(sandbox.jdbc);
                Statement sql = connection.createStatement()) {
            sql.execute("SELECT set_config('gatehouse.tenant', '*', false)");
            ResultSet rows = sql.executeQuery("SELECT count(*) FROM billing." + table);
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    @DisplayName("refuses a currency in which the plan has no prices")
    void currency() throws Exception {
        field(call("PUT", "/tenants/acme/billing/currency", "{\"currency\":\"EUR\"}"), "currency");
        ok(call(
                "PUT",
                "/billing/prices/growth/EUR/1",
                "{\"baseFee\":\"90.00\",\"includedUnits\":500000,\"units\":{\"flat\":\"0.40\"}}"));
        ok(call("PUT", "/tenants/acme/billing/currency", "{\"currency\":\"EUR\"}"));
        assertThat(sandbox.billing
                        .monthToDate(acme)
                        .orElseThrow()
                        .draft()
                        .total()
                        .toString())
                .isEqualTo("210.00 EUR");
    }

    private static JsonNode ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return Json.tree(answer.body());
    }

    private static void field(HttpResponse<String> answer, String field) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Json.tree(answer.body()).at("/errors/0/field").asText()).isEqualTo(field);
    }

    private HttpResponse<String> call(String method, String path, @Nullable String body) throws Exception {
        return call(method, path, body, null);
    }

    private HttpResponse<String> call(String method, String path, @Nullable String body, @Nullable String key)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        sandbox.directoryModule.adminUri().resolve("/admin/v1" + path))
                .header("Authorization", "Bearer owner-token-of-the-tests");
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
