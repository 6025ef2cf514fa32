package dev.gatehouse.billing.account;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.MonthToDate;
import dev.gatehouse.billing.PlanPreview;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Serves {@code billing.yaml}. */
public final class AccountApi {
    private static final int ALL = 1_000;

    private final Billing billing;

    public AccountApi(Billing billing) {
        this.billing = billing;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(AccountApi.class, "billing.yaml");
    }

    public void mount(Router router) {
        Map<String, ApiRouter.Handler> handlers = new HashMap<>(Map.of(
                "getBilling", this::month,
                "setBudget", this::setBudget,
                "removeBudget", this::removeBudget,
                "previewPlan", this::preview,
                "listInvoices", this::list,
                "getInvoice", this::invoice,
                "listLineCalls", this::calls,
                "getEvidence", this::evidence));
        handlers.replaceAll((operation, handler) -> withLiveKey(handler));
        ApiRouter.mount(router, description(), handlers);
    }

    /** Money is live: test calls are never billed, and a test key, which gets around more, learns and changes nothing of it. */
    private static ApiRouter.Handler withLiveKey(ApiRouter.Handler handler) {
        return call -> {
            if (call.caller().mode() == KeyMode.TEST) {
                throw new ProblemException(
                        ProblemCode.KEY_MODE,
                        "Calls with test keys are never billed, so there is no bill here. Use a live key.");
            }
            return handler.handle(call);
        };
    }

    private Response month(ApiCall call) {
        TenantId tenant = call.caller().tenant();
        MonthToDate month = billing.monthToDate(tenant)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "Nothing is agreed on for this month, so there is nothing to pay."));
        return single(InvoiceViews.month(month, billing.budgets().find(tenant).orElse(null)));
    }

    private Response setBudget(ApiCall call) {
        JsonNode body = call.json();
        Money amount;
        try {
            amount =
                    Money.of(body.path("amount").asText(), body.path("currency").asText());
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                            ProblemCode.INVALID_BODY,
                            "The body is not valid. Nothing was changed. See errors.",
                            List.of(new FieldError("currency", "must be a currency of ISO 4217, as in USD")))
                    .asException();
        }
        Budget.AtLimit atLimit =
                Budget.AtLimit.valueOf(body.path("atLimit").asText("tell").toUpperCase(Locale.ROOT));
        return single(InvoiceViews.budget(billing.budgets().set(call.caller().tenant(), amount, atLimit, by(call))));
    }

    private Response removeBudget(ApiCall call) {
        billing.budgets().remove(call.caller().tenant(), by(call));
        return Response.noContent();
    }

    private static String by(ApiCall call) {
        return "key:" + call.caller().key();
    }

    private Response preview(ApiCall call) {
        String plan = call.text("plan").orElse("");
        PlanPreview preview = billing.previewPlan(call.caller().tenant(), plan)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "There is no plan of this name that you could change to."));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("plan", preview.plan());
        view.put("at", preview.at());
        view.put("currency", preview.changingTotal().currency().getCurrencyCode());
        view.put("staying", InvoiceViews.amount(preview.stayingTotal()));
        view.put("changing", InvoiceViews.amount(preview.changingTotal()));
        view.put("charge", InvoiceViews.amount(preview.charge()));
        view.put("credit", InvoiceViews.amount(preview.credit()));
        return single(view);
    }

    private Response list(ApiCall call) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("next", null);
        page.put("limit", ALL);
        return Response.ok(Map.of(
                "data",
                billing.invoices().list(call.caller().tenant()).stream()
                        .map(InvoiceViews::summary)
                        .toList(),
                "page",
                page,
                "meta",
                Map.of()));
    }

    private Response invoice(ApiCall call) {
        TenantId tenant = call.caller().tenant();
        InvoiceId id = id(call);
        return switch (call.text("format").orElseGet(() -> accepted(call))) {
            case "html" ->
                Response.bytes(
                        200,
                        "text/html; charset=utf-8",
                        billing.invoices()
                                .page(tenant, id)
                                .orElseThrow(AccountApi::nothing)
                                .getBytes(StandardCharsets.UTF_8));
            case "pdf" ->
                Response.bytes(
                                200,
                                "application/pdf",
                                billing.invoices().pdf(tenant, id).orElseThrow(AccountApi::nothing))
                        .with("Content-Disposition", "attachment; filename=\"" + id + ".pdf\"");
            default ->
                single(InvoiceViews.invoice(
                        billing.invoices().find(tenant, id).orElseThrow(AccountApi::nothing),
                        billing.invoices().creditNotes(tenant, id)));
        };
    }

    private static String accepted(ApiCall call) {
        String accept = call.request().header("accept").orElse("");
        if (accept.contains("application/pdf")) {
            return "pdf";
        }
        return accept.contains("text/html") ? "html" : "json";
    }

    private Response calls(ApiCall call) {
        int limit = call.integer("limit").orElse(100);
        LedgerPage page;
        try {
            page = billing.invoices()
                    .calls(
                            call.caller().tenant(),
                            id(call),
                            call.integer("line").orElse(0),
                            call.text("cursor").orElse(null),
                            limit)
                    .orElseThrow(AccountApi::nothing);
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                            ProblemCode.INVALID_CURSOR,
                            "This cursor is none of ours. Begin without one.",
                            List.of(new FieldError("cursor", "is not one that a page before gave")))
                    .asException();
        }
        if (call.request().header("accept").orElse("").contains("text/csv")) {
            Response csv = Response.bytes(200, "text/csv; charset=utf-8", csv(page))
                    .with("Content-Disposition", "attachment; filename=\"calls.csv\"");
            String next = page.next();
            return next == null ? csv : csv.with("X-Next-Cursor", next);
        }
        Map<String, Object> paging = new LinkedHashMap<>();
        paging.put("next", page.next());
        paging.put("limit", limit);
        return Response.ok(
                Map.of("data", page.rows().stream().map(AccountApi::row).toList(), "page", paging, "meta", Map.of()));
    }

    private static Map<String, Object> row(LedgerRow row) {
        UsageEvent event = row.event();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", event.id());
        view.put("at", event.at());
        view.put("requestId", event.requestId());
        view.put("key", event.key());
        view.put("operation", event.operation());
        view.put("version", event.version());
        view.put("method", event.method());
        view.put("status", event.status());
        view.put("units", event.charged());
        view.put("late", row.late());
        return view;
    }

    private static byte[] csv(LedgerPage page) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().build(text)) {
            csv.writeRecord(
                    "id", "at", "requestId", "key", "operation", "version", "method", "status", "units", "late");
            for (LedgerRow row : page.rows()) {
                csv.writeRecord(row(row).values().stream().map(String::valueOf).toList());
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Response evidence(ApiCall call) {
        InvoiceId id = id(call);
        return Response.bytes(
                        200,
                        "application/json",
                        billing.invoices().evidence(call.caller().tenant(), id).orElseThrow(AccountApi::nothing))
                .with("Content-Disposition", "attachment; filename=\"" + id + "-evidence.json\"");
    }

    private static InvoiceId id(ApiCall call) {
        String text = call.text("invoice").orElse("");
        if (!PrefixedId.isWellFormed(InvoiceId.PREFIX, text)) {
            throw nothing();
        }
        return new InvoiceId(text);
    }

    private static Response single(Map<String, Object> data) {
        return Response.ok(Map.of("data", data, "meta", Map.of()));
    }

    private static ProblemException nothing() {
        return new ProblemException(
                ProblemCode.NOT_FOUND, "There is no such invoice or line, or the line counts no calls.");
    }
}
