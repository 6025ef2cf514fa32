package dev.gatehouse.portal.page;

import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.runtime.http.Response;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** What it costs, line by line, down to the calls. */
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

    public void addTo(Site table) {
        table.get("/billing", Access.MEMBER, this::overview)
                .get("/billing/{month}", Access.MEMBER, this::invoice)
                .get("/billing/{month}/lines/{line}", Access.MEMBER, this::line)
                .get("/billing/{month}/lines/{line}/calls", Access.MEMBER, this::calls);
    }

    private Response overview(Visit visit) {
        Map<String, Object> values = new HashMap<>();
        values.put("month", billing.monthToDate(visit.home().id()).orElse(null));
        values.put("plans", organisations.plans());
        values.put("own", visit.home().plan().slug());
        values.put(
                "slug", YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString());
        return pages.page(visit, "Plan and billing", "billing", "billing.jte", values);
    }

    private Response invoice(Visit visit) {
        DraftInvoice draft = draft(visit);
        return pages.page(
                visit,
                "Draft invoice " + Show.month(draft.period().from()),
                "billing",
                "invoice.jte",
                Map.of("draft", draft, "slug", visit.request().pathParameter("month")));
    }

    private Response line(Visit visit) {
        DraftInvoice draft = draft(visit);
        return pages.page(
                visit,
                "Line " + visit.request().pathParameter("line"),
                "billing",
                "line.jte",
                Map.of(
                        "draft", draft,
                        "line", lineOf(draft, visit),
                        "slug", visit.request().pathParameter("month")));
    }

    private Response calls(Visit visit) {
        DraftInvoice draft = draft(visit);
        InvoiceLine line = lineOf(draft, visit);
        LedgerPage page;
        try {
            page = billing.calls(
                            visit.home().id(),
                            draft.period(),
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
        values.put("slug", visit.request().pathParameter("month"));
        return pages.page(visit, "Calls of line " + line.number(), "billing", "line-calls.jte", values);
    }

    private DraftInvoice draft(Visit visit) {
        YearMonth month;
        try {
            month = YearMonth.parse(visit.request().pathParameter("month"));
        } catch (DateTimeException e) {
            throw nothing();
        }
        YearMonth now = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
        if (month.isAfter(now) || month.isBefore(now.minusYears(10))) {
            throw nothing();
        }
        return billing.draft(visit.home().id(), BillingPeriod.of(month)).orElseThrow(BillingPages::nothing);
    }

    private static InvoiceLine lineOf(DraftInvoice draft, Visit visit) {
        String number = visit.request().pathParameter("line");
        return draft.lines().stream()
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
