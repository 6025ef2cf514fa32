package dev.gatehouse.billing.account;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.CreditNote;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.InvoiceSummary;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.billing.MonthToDate;
import dev.gatehouse.kernel.money.Money;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bills as the API shows them: amounts as decimal texts. */
public final class InvoiceViews {
    private InvoiceViews() {}

    static Map<String, Object> month(MonthToDate month, @Nullable Budget budget) {
        DraftInvoice draft = month.draft();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("invoice", InvoiceId.of(draft.tenant(), draft.period()));
        view.put("period", period(draft.period()));
        view.put("currency", draft.currency().getCurrencyCode());
        view.put("total", amount(draft.total()));
        Money estimate = month.estimate();
        view.put("estimate", estimate == null ? null : amount(estimate));
        view.put("calls", draft.calls());
        view.put("units", draft.units());
        view.put("includedUnits", month.included().total());
        view.put("includedUnitsLeft", month.included().left());
        view.put("completeUntil", month.completeUntil());
        view.put("lines", lines(draft));
        view.put("budget", budget == null ? null : budget(budget));
        return view;
    }

    static Map<String, Object> budget(Budget budget) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("amount", amount(budget.amount()));
        view.put("currency", budget.amount().currency().getCurrencyCode());
        view.put("atLimit", budget.atLimit().name().toLowerCase(Locale.ROOT));
        view.put(
                "alerts",
                budget.alerts().stream()
                        .map(alert ->
                                Map.of("percent", alert.percent(), "spent", amount(alert.spent()), "at", alert.at()))
                        .toList());
        return view;
    }

    static Map<String, Object> summary(InvoiceSummary invoice) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", invoice.id());
        view.put("number", invoice.number());
        view.put("state", state(invoice.state()));
        view.put("period", period(invoice.period()));
        view.put("currency", invoice.total().currency().getCurrencyCode());
        view.put("total", amount(invoice.total()));
        view.put("credited", amount(invoice.credited()));
        view.put("finalAt", invoice.finalAt());
        return view;
    }

    static Map<String, Object> invoice(Invoice invoice, List<CreditNote> credits) {
        DraftInvoice content = invoice.content();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", invoice.id());
        view.put("number", invoice.number());
        view.put("state", state(invoice.state()));
        view.put("period", period(content.period()));
        view.put("currency", content.currency().getCurrencyCode());
        view.put("total", amount(content.total()));
        view.put("lines", lines(content));
        view.put("creditNotes", credits.stream().map(InvoiceViews::credit).toList());
        view.put("graceUntil", invoice.graceUntil());
        view.put("finalAt", invoice.finalAt());
        view.put("ratedAt", invoice.ratedAt());
        view.put("algorithm", content.algorithm());
        view.put("cut", invoice.cut());
        return view;
    }

    public static Map<String, Object> credit(CreditNote note) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", note.id());
        view.put("number", note.number());
        view.put("amount", amount(note.amount()));
        view.put("reason", note.reason());
        view.put("at", note.at());
        return view;
    }

    /** Why an invoice is held or parked is between the operators: the tenant sees that it is looked at. */
    private static String state(InvoiceState state) {
        return switch (state) {
            case HELD, PARKED -> "in_review";
            case DRAFT, GRACE, FINAL -> state.text();
        };
    }

    public static List<Map<String, Object>> lines(DraftInvoice invoice) {
        return invoice.lines().stream().map(InvoiceViews::line).toList();
    }

    private static Map<String, Object> line(InvoiceLine line) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("number", line.number());
        view.put("kind", line.kind().name().toLowerCase(Locale.ROOT));
        view.put("text", LineWords.title(line));
        view.put("from", line.term().from());
        view.put("to", line.term().to());
        view.put("plan", line.term().prices().plan());
        view.put("priceVersion", line.term().prices().version());
        switch (line.derivation()) {
            case Derivation.Counted counted -> {
                view.put("calls", counted.calls());
                view.put("units", counted.units());
                view.put("includedUnits", counted.includedUnits());
                view.put("chargedUnits", counted.chargedUnits());
            }
            case Derivation.Corrected corrected -> {
                view.put("calls", corrected.calls());
                view.put("units", corrected.units());
                view.put(
                        "corrects",
                        Map.of("invoice", corrected.invoice(), "number", corrected.number(), "line", corrected.line()));
            }
            case Derivation.Prorated unused -> {}
            case Derivation.Discounted unused -> {}
            case Derivation.ToppedUp unused -> {}
            case Derivation.Stated unused -> {}
            case Derivation.Credited credited ->
                view.put("carriedFrom", Map.of("invoice", credited.invoice(), "number", credited.number()));
            case Derivation.CarriedOver unused -> {}
        }
        view.put("amount", amount(line.amount()));
        view.put("steps", LineWords.steps(line));
        return view;
    }

    public static Map<String, Object> period(BillingPeriod period) {
        return Map.of("from", period.from(), "to", period.to());
    }

    public static String amount(Money money) {
        return money.amount().toPlainString();
    }
}
