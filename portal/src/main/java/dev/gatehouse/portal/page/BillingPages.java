package dev.gatehouse.portal.page;

import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceSummary;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.scope.Aside;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What it costs: the month that runs, the invoices of before, each line down to its calls. */
public final class BillingPages {
    private static final int PAGE = 100;

    private final Billing billing;
    private final Organisations organisations;
    private final Pages pages;
    private final InstantSource clock;

    public BillingPages(Billing billing, Organisations organisations, Pages pages, InstantSource clock) {
        this.billing = billing;
        this.organisations = organisations;
        this.pages = pages;
        this.clock = clock;
    }

    /** An invoice is named by its id, or by its month, as in {@code 2026-11}. */
    public void addTo(Site table) {
        table.get("/billing", Access.MEMBER, this::overview)
                .get("/billing/{invoice}", Access.MEMBER, this::invoice)
                .get("/billing/{invoice}/pdf", Access.MEMBER, this::pdf)
                .get("/billing/{invoice}/evidence", Access.MEMBER, this::evidence)
                .get("/billing/{invoice}/lines/{line}", Access.MEMBER, this::line)
                .get("/billing/{invoice}/lines/{line}/calls", Access.MEMBER, this::calls);
    }

    private Response overview(Visit visit) {
        Aside<List<InvoiceSummary>> invoices =
                Aside.begin(() -> billing.invoices().list(visit.home().id()));
        Map<String, Object> values = new HashMap<>();
        values.put("month", billing.monthToDate(visit.home().id()).orElse(null));
        values.put("plans", organisations.plans());
        values.put("own", visit.home().plan().slug());
        values.put("budget", billing.budgets().find(visit.home().id()).orElse(null));
        values.put("invoices", invoices.get());
        values.put(
                "slug", YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString());
        return pages.page(visit, "Plan and billing", "billing", "billing.jte", values);
    }

    private Response invoice(Visit visit) {
        Invoice invoice = find(visit);
        return pages.page(
                visit,
                title(invoice),
                "billing",
                "invoice.jte",
                Map.of(
                        "invoice", invoice,
                        "credits", billing.invoices().creditNotes(visit.home().id(), invoice.id()),
                        "slug", visit.request().pathParameter("invoice")));
    }

    static String title(Invoice invoice) {
        String month = Show.month(invoice.content().period().from());
        return invoice.number() == null ? "Draft invoice " + month : "Invoice " + invoice.number() + ", " + month;
    }

    private Response pdf(Visit visit) {
        Invoice invoice = find(visit);
        byte[] paper = billing.invoices().pdf(visit.home().id(), invoice.id()).orElseThrow(BillingPages::nothing);
        return Response.bytes(200, "application/pdf", paper)
                .with("Content-Disposition", "attachment; filename=\"" + invoice.id() + ".pdf\"");
    }

    private Response evidence(Visit visit) {
        Invoice invoice = find(visit);
        byte[] bundle =
                billing.invoices().evidence(visit.home().id(), invoice.id()).orElseThrow(BillingPages::nothing);
        return Response.bytes(200, "application/json", bundle)
                .with("Content-Disposition", "attachment; filename=\"" + invoice.id() + "-evidence.json\"");
    }

    private Response line(Visit visit) {
        Invoice invoice = find(visit);
        return pages.page(
                visit,
                "Line " + visit.request().pathParameter("line"),
                "billing",
                "line.jte",
                Map.of(
                        "draft", invoice.content(),
                        "title", title(invoice),
                        "line", lineOf(invoice, visit),
                        "slug", visit.request().pathParameter("invoice")));
    }

    private Response calls(Visit visit) {
        Invoice invoice = find(visit);
        InvoiceLine line = lineOf(invoice, visit);
        LedgerPage page;
        try {
            page = billing.invoices()
                    .calls(
                            visit.home().id(),
                            invoice.id(),
                            line.number(),
                            visit.request().parameter("cursor").orElse(null),
                            PAGE)
                    .orElseThrow(BillingPages::nothing);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemCode.INVALID_CURSOR, "This link to a page of calls is not whole. Open the line again.");
        }
        Map<String, Object> values = new HashMap<>();
        values.put("line", line);
        values.put("calls", page.rows().stream().map(CallRow::of).toList());
        values.put("next", page.next() == null ? "" : page.next());
        values.put("slug", visit.request().pathParameter("invoice"));
        return pages.page(visit, "Calls of line " + line.number(), "billing", "line-calls.jte", values);
    }

    private Invoice find(Visit visit) {
        return billing.invoices().find(visit.home().id(), id(visit)).orElseThrow(BillingPages::nothing);
    }

    private static InvoiceId id(Visit visit) {
        String text = visit.request().pathParameter("invoice");
        if (PrefixedId.isWellFormed(InvoiceId.PREFIX, text)) {
            return new InvoiceId(text);
        }
        try {
            return InvoiceId.of(visit.home().id(), BillingPeriod.of(YearMonth.parse(text)));
        } catch (DateTimeException e) {
            throw nothing();
        }
    }

    private static InvoiceLine lineOf(Invoice invoice, Visit visit) {
        String number = visit.request().pathParameter("line");
        return invoice.content().lines().stream()
                .filter(line -> Integer.toString(line.number()).equals(number))
                .findFirst()
                .orElseThrow(BillingPages::nothing);
    }

    private static ProblemException nothing() {
        return new ProblemException(
                ProblemCode.NOT_FOUND,
                "There is no such invoice or line here. Open Plan and billing to see what there is.");
    }
}
