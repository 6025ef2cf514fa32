package dev.gatehouse.billing.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.CreditNote;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.Invoice.StateChange;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.InvoiceSummary;
import dev.gatehouse.billing.Invoices;
import dev.gatehouse.billing.account.InvoiceViews;
import dev.gatehouse.billing.audit.BillingAudit;
import dev.gatehouse.billing.audit.Reconciliation;
import dev.gatehouse.billing.close.PeriodClose;
import dev.gatehouse.billing.price.PriceFault;
import dev.gatehouse.billing.price.PriceFile;
import dev.gatehouse.billing.price.StoredAgreements;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.ExtraRows.Extra;
import dev.gatehouse.billing.store.InvoiceRows.Row;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.AdminPart.Change;
import dev.gatehouse.directory.AdminPart.Changed;
import dev.gatehouse.directory.AdminPart.Mode;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators do with invoices. */
public final class InvoiceOperations {
    private static final int MOST_MONTHS = 36;
    private static final int PAGE = 500;
    private static final int COUNTED = 1_000;

    /** For how long an operator waits for the close that the schedule began. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What the operations work with. */
    public record Parts(
            BillingStore store,
            Invoices invoices,
            StoredAgreements agreements,
            PeriodClose close,
            BillingAudit audit,
            Directory directory) {}

    private final Parts parts;
    private final BillingStore store;
    private final InstantSource clock;

    public InvoiceOperations(Parts parts, InstantSource clock) {
        this.parts = parts;
        this.store = parts.store();
        this.clock = clock;
    }

    void add(Map<String, Handler> reading, Map<String, Change> changing, Map<String, Change> taking) {
        reading.put("listAllInvoices", this::list);
        reading.put("getAnyInvoice", this::get);
        reading.put("getInvoiceEvidence", this::evidence);
        reading.put("whatIf", this::whatIf);
        reading.put("reconcileBilling", this::reconcile);
        taking.put("closePeriods", this::close);
        changing.put("addInvoiceLine", this::addLine);
        changing.put("approveInvoice", this::approve);
        changing.put("recheckInvoice", this::recheck);
        changing.put("creditInvoice", this::credit);
    }

    private Response list(ApiCall call) {
        InvoiceState state = call.text("state").map(InvoiceState::of).orElse(null);
        Instant from = call.text("month")
                .map(month -> BillingPeriod.of(YearMonth.parse(month)).from())
                .orElse(null);
        int limit = call.integer("limit").orElse(200);
        return Response.ok(Map.of(
                "data",
                store.asSystem(session -> session.invoices().page(state, from, limit)).stream()
                        .map(row -> view(row.summary()))
                        .toList()));
    }

    private static Map<String, Object> view(InvoiceSummary invoice) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", invoice.id());
        view.put("tenant", invoice.tenant());
        view.put("number", invoice.number());
        view.put("state", invoice.state().text());
        view.put("period", InvoiceViews.period(invoice.period()));
        view.put("currency", invoice.total().currency().getCurrencyCode());
        view.put("total", InvoiceViews.amount(invoice.total()));
        view.put("credited", InvoiceViews.amount(invoice.credited()));
        view.put("finalAt", invoice.finalAt());
        view.put("waitsFor", invoice.waitsFor());
        return view;
    }

    private Response get(ApiCall call) {
        InvoiceId id = id(call);
        Optional<Row> row = store.asSystem(session -> session.invoices().find(id));
        TenantId tenant = row.isPresent() ? row.get().summary().tenant() : payer(id);
        Invoice invoice = parts.invoices().find(tenant, id).orElseThrow(() -> Refusals.notFound("invoice", id.value()));
        Map<String, Object> view = row.map(found -> view(found.summary())).orElseGet(() -> draft(invoice));
        view.put("graceUntil", invoice.graceUntil());
        view.put("approvedBy", row.map(Row::approvedBy).orElse(null));
        view.put("lines", InvoiceViews.lines(invoice.content()));
        view.put("history", invoice.history());
        view.put(
                "creditNotes",
                parts.invoices().creditNotes(tenant, id).stream()
                        .map(InvoiceViews::credit)
                        .toList());
        view.put(
                "secondCalculator",
                row.flatMap(found -> store.asSystem(session -> session.runs().second(found.run())))
                        .map(Json::tree)
                        .orElse(null));
        return Response.ok(view);
    }

    private static Map<String, Object> draft(Invoice invoice) {
        return view(new InvoiceSummary(
                invoice.id(),
                invoice.content().tenant(),
                invoice.content().period(),
                invoice.state(),
                null,
                invoice.content().total(),
                Money.zero(invoice.content().currency()).rounded(),
                null,
                null));
    }

    private Response evidence(ApiCall call) {
        InvoiceId id = id(call);
        TenantId tenant = store.asSystem(session -> session.invoices().find(id))
                .map(row -> row.summary().tenant())
                .orElseGet(() -> payer(id));
        return Response.bytes(
                200,
                "application/json",
                parts.invoices().evidence(tenant, id).orElseThrow(() -> Refusals.notFound("invoice", id.value())));
    }

    /** Whose draft it is: a draft is not stored, and its id follows from tenant and month. */
    private TenantId payer(InvoiceId draft) {
        BillingPeriod running = BillingPeriod.holding(clock.instant());
        BillingPeriod before = BillingPeriod.holding(running.from().minusSeconds(1));
        TenantId after = null;
        List<Tenant> page;
        do {
            page = parts.directory().tenants(after, PAGE);
            for (Tenant tenant : page) {
                after = tenant.id();
                if (draft.equals(InvoiceId.of(after, running)) || draft.equals(InvoiceId.of(after, before))) {
                    return after;
                }
            }
        } while (page.size() == PAGE);
        throw Refusals.notFound("invoice", draft.value());
    }

    private static InvoiceId id(ApiCall call) {
        String text = call.text("invoice").orElse("");
        if (!PrefixedId.isWellFormed(InvoiceId.PREFIX, text)) {
            throw Refusals.notFound("invoice", text);
        }
        return new InvoiceId(text);
    }

    private Changed close(ApiCall call, Actor actor, Mode mode) {
        Optional<BillingPeriod> month = call.text("month").map(YearMonth::parse).map(BillingPeriod::of);
        month.filter(period -> period.to().isAfter(clock.instant())).ifPresent(period -> {
            throw Refusals.refused("month", "is still open: it ends at " + period.to());
        });
        String subject = call.text("month").orElse("all months that are over");
        Map<String, Object> before = standing(month);
        if (mode == Mode.TRIAL) {
            return new Changed(200, null, subject, null, before, Map.of("bringsFurther", subject));
        }
        PeriodClose.Result result = month.map(period -> parts.close().run(period, PATIENCE))
                .orElseGet(() -> parts.close().run(PATIENCE))
                .orElseThrow(
                        () -> new ProblemException(
                                ProblemCode.CONFLICT,
                                "Another close of periods is under way. Nothing was changed by this one: try again when that one is done."));
        return new Changed(200, result, subject, null, before, standing(month));
    }

    /** How many stored invoices there are by state, up to a number that no page goes beyond. */
    private Map<String, Object> standing(Optional<BillingPeriod> month) {
        Instant from = month.map(BillingPeriod::from).orElse(null);
        Map<String, Object> standing = new LinkedHashMap<>();
        for (InvoiceState state : InvoiceState.values()) {
            int count = store.asSystem(session -> session.invoices().page(state, from, COUNTED))
                    .size();
            if (count > 0) {
                standing.put(state.text(), count == COUNTED ? COUNTED + " or more" : count);
            }
        }
        return standing;
    }

    private Response whatIf(ApiCall call) {
        JsonNode body = call.json();
        YearMonth from = YearMonth.parse(body.path("from").asText());
        YearMonth to = YearMonth.parse(body.path("to").asText());
        YearMonth now = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
        if (from.isAfter(to)) {
            throw Refusals.refused("to", "must not be before from");
        }
        if (to.isAfter(now)) {
            throw Refusals.refused("to", "lies in the future: the running month is " + now);
        }
        if (from.plusMonths(MOST_MONTHS).isBefore(to)) {
            throw Refusals.refused("from", "must be at most " + MOST_MONTHS + " months before to");
        }
        try {
            BillingAudit.WhatIfs found =
                    parts.audit().whatIf(PriceFile.parse(body.path("prices").asText()), from, to);
            return Response.ok(Map.of(
                    "data", found.rows().stream().map(InvoiceOperations::view).toList(), "findings", found.findings()));
        } catch (PriceFault e) {
            throw Refusals.of(e);
        }
    }

    private static Map<String, Object> view(BillingAudit.WhatIf row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("tenant", row.tenant());
        view.put("slug", row.slug());
        view.put("currency", row.was().currency().getCurrencyCode());
        view.put("was", InvoiceViews.amount(row.was()));
        view.put("would", InvoiceViews.amount(row.would()));
        view.put("difference", InvoiceViews.amount(row.difference()));
        return view;
    }

    private Response reconcile(ApiCall call) {
        YearMonth month = YearMonth.parse(call.text("month").orElse(""));
        YearMonth now = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
        if (month.isAfter(now)) {
            throw Refusals.refused("month", "lies in the future: the running month is " + now);
        }
        Reconciliation found = parts.audit().reconcile(month);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("period", InvoiceViews.period(found.period()));
        view.put("agrees", found.agrees());
        view.put("ledger", found.ledger());
        view.put("rollups", found.rollups());
        view.put("rated", found.rated());
        view.put("invoiced", found.invoiced());
        view.put("toAdjust", found.toAdjust());
        view.put("invoices", found.invoices());
        view.put("findings", found.findings());
        return Response.ok(view);
    }

    private Changed addLine(ApiCall call, Actor actor, Mode mode) {
        Tenant tenant = PriceOperations.tenant(parts.directory(), call);
        JsonNode body = call.json();
        Currency pays = parts.agreements()
                .of(tenant.id())
                .filter(agreed -> !agreed.hasEnded(clock.instant()))
                .flatMap(agreed -> agreed.currencyAt(clock.instant()))
                .orElseThrow(() -> Refusals.refused("tenant", "has no agreement, or one that has ended"));
        if (!pays.getCurrencyCode().equals(body.path("currency").asText())) {
            throw Refusals.refused("currency", "must be " + pays + ", in which the tenant pays");
        }
        Money amount = money(body.path("amount").asText(), pays);
        if (amount.amount().signum() == 0) {
            throw Refusals.refused("amount", "must not be 0");
        }
        String key = PriceOperations.requestKey(call, actor);
        return PriceOperations.within(store, mode, session -> {
            Extra extra = Optional.ofNullable(key)
                    .flatMap(given -> session.extras().byKey(given))
                    .orElseGet(() -> insert(
                            session, tenant.id(), amount, body.path("text").asText(), actor, key));
            if (!extra.tenant().equals(tenant.id())
                    || !extra.amount().equals(amount)
                    || !extra.text().equals(body.path("text").asText())) {
                throw Refusals.otherRequest();
            }
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("id", extra.id());
            view.put("tenant", extra.tenant());
            view.put("amount", InvoiceViews.amount(extra.amount()));
            view.put("currency", pays.getCurrencyCode());
            view.put("text", extra.text());
            view.put("reason", extra.reason());
            return new Changed(201, view, extra.id(), tenant.id(), null, view);
        });
    }

    private Extra insert(
            Session session, TenantId tenant, Money amount, String text, Actor actor, @Nullable String key) {
        // a month that is over may still wait for its last rating: the line goes onto that invoice then
        BillingPeriod running = BillingPeriod.holding(clock.instant());
        Extra extra = new Extra(
                PrefixedId.next("xln", clock),
                tenant,
                running.from(),
                amount,
                text,
                Objects.requireNonNullElse(actor.reason(), ""),
                actor.name(),
                clock.instant());
        session.extras().insert(extra, key);
        return extra;
    }

    private static Money money(String text, Currency currency) {
        BigDecimal amount = new BigDecimal(text);
        if (amount.stripTrailingZeros().scale() > currency.getDefaultFractionDigits()) {
            throw Refusals.refused(
                    "amount", "has more decimals than " + currency + " has: " + currency.getDefaultFractionDigits());
        }
        return new Money(amount, currency).rounded();
    }

    private Changed approve(ApiCall call, Actor actor, Mode mode) {
        return move(call, actor, mode, InvoiceState.HELD, "held");
    }

    private Changed recheck(ApiCall call, Actor actor, Mode mode) {
        return move(call, actor, mode, InvoiceState.PARKED, "parked");
    }

    private Changed move(ApiCall call, Actor actor, Mode mode, InvoiceState from, String word) {
        InvoiceId id = id(call);
        return PriceOperations.within(store, mode, session -> {
            Row row = session.invoices().lock(id).orElseThrow(() -> Refusals.notFound("invoice", id.value()));
            if (row.summary().state() != from) {
                throw Refusals.refused("invoice", "is " + row.summary().state().text() + ", not " + word);
            }
            if (from == InvoiceState.HELD) {
                session.invoices().approve(id, actor.name());
            } else {
                session.invoices().move(id, InvoiceState.GRACE, null);
            }
            session.invoices()
                    .note(
                            row.summary().tenant(),
                            id,
                            new StateChange(clock.instant(), from, InvoiceState.GRACE, actor.name(), actor.reason()));
            Map<String, Object> after =
                    view(session.invoices().find(id).orElseThrow().summary());
            return new Changed(200, after, id.value(), row.summary().tenant(), view(row.summary()), after);
        });
    }

    private Changed credit(ApiCall call, Actor actor, Mode mode) {
        InvoiceId id = id(call);
        String key = PriceOperations.requestKey(call, actor);
        return PriceOperations.within(store, mode, session -> {
            Row row = session.invoices().lock(id).orElseThrow(() -> Refusals.notFound("invoice", id.value()));
            InvoiceSummary invoice = row.summary();
            CreditNote note = Optional.ofNullable(key)
                    .flatMap(given -> session.extras().creditByKey(given))
                    .orElseGet(() -> credit(session, invoice, call, actor, key));
            if (!note.invoice().equals(id)
                    || !note.amount()
                            .equals(money(
                                    call.json().path("amount").asText(),
                                    invoice.total().currency()))) {
                throw Refusals.otherRequest();
            }
            return new Changed(
                    201,
                    InvoiceViews.credit(note),
                    note.id(),
                    invoice.tenant(),
                    view(invoice),
                    view(session.invoices().find(id).orElseThrow().summary()));
        });
    }

    private CreditNote credit(
            Session session, InvoiceSummary invoice, ApiCall call, Actor actor, @Nullable String key) {
        if (invoice.state() != InvoiceState.FINAL) {
            throw Refusals.refused("invoice", "is " + invoice.state().text() + ": only a final invoice is credited");
        }
        Money amount =
                money(call.json().path("amount").asText(), invoice.total().currency());
        Money left = invoice.total().minus(invoice.credited());
        if (amount.amount().signum() <= 0 || amount.amount().compareTo(left.amount()) > 0) {
            throw Refusals.refused("amount", "must be more than 0 and at most what is left of the invoice, " + left);
        }
        CreditNote note = new CreditNote(
                PrefixedId.next("crn", clock),
                session.invoices().nextNumber("CRN"),
                invoice.id(),
                amount,
                Objects.requireNonNullElse(actor.reason(), ""),
                actor.name(),
                clock.instant());
        session.extras().insert(invoice.tenant(), note, key);
        return note;
    }
}
