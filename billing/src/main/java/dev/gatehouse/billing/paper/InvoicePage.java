package dev.gatehouse.billing.paper;

import dev.gatehouse.billing.CreditNote;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.metering.LedgerCut;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An invoice as one XHTML page without anything from elsewhere: what a browser shows, and what the PDF is made from. Only
 * styles that CSS 2.1 knows, which is what the PDF is laid out by.
 */
public final class InvoicePage {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM uuuu HH:mm:ss", Locale.ENGLISH);

    private static final String STYLE = """
            @page { size: A4; margin: 22mm 18mm; @bottom-right { content: "Page " counter(page) " of " counter(pages);
              font-family: sans-serif; font-size: 8pt; color: #667085 } }
            body { font-family: sans-serif; font-size: 10pt; color: #101828; max-width: 48em; margin: 2em auto; padding: 0 1em }
            h1 { font-size: 18pt; margin: 0 0 0.2em } h2 { font-size: 12pt; margin: 2em 0 0.5em }
            table { width: 100%; border-collapse: collapse } tr { page-break-inside: avoid }
            th { text-align: left; font-size: 8.5pt; color: #475467; border-bottom: 1px solid #98a2b3; padding: 0.4em 0.5em 0.4em 0 }
            td { padding: 0.45em 0.5em 0.45em 0; border-bottom: 1px solid #eaecf0; vertical-align: top }
            .number { text-align: right; white-space: nowrap; padding-right: 0 }
            .small { color: #475467; font-size: 8.5pt } .total td { font-weight: bold; border-bottom: none; font-size: 12pt }
            .meta td { border: none; padding: 0.1em 1em 0.1em 0 } .draft { color: #b54708; font-weight: bold }
            ol { margin: 0.2em 0 0.8em; padding-left: 1.4em } code { font-family: monospace; font-size: 8pt }
            """;

    private InvoicePage() {}

    /**
     * @param seller who sends it
     * @param payer the tenant's name
     */
    public static String of(Invoice invoice, String seller, String payer, List<CreditNote> credits) {
        StringBuilder page = new StringBuilder(8_192);
        String title = invoice.number() == null ? "Draft invoice" : "Invoice " + invoice.number();
        page.append(
                        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><meta charset=\"utf-8\"/><title>")
                .append(text(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>");
        head(page, invoice, title, seller, payer);
        lines(page, invoice);
        credits(page, credits);
        derivation(page, invoice);
        trace(page, invoice);
        return page.append("</body></html>\n").toString();
    }

    private static void head(StringBuilder page, Invoice invoice, String title, String seller, String payer) {
        page.append("<h1>").append(text(title)).append("</h1>");
        if (invoice.state() != InvoiceState.FINAL) {
            page.append("<p class=\"draft\">Not final: ")
                    .append(text(words(invoice)))
                    .append("</p>");
        }
        page.append("<table class=\"meta\">");
        meta(page, "From", seller);
        meta(page, "To", payer);
        meta(
                page,
                "Period",
                day(invoice.content().period().from()) + " to "
                        + day(invoice.content().period().to().minusSeconds(1)) + " (UTC)");
        Instant finalAt = invoice.finalAt();
        if (finalAt != null) {
            meta(page, "Date", day(finalAt));
        }
        meta(page, "Id", invoice.id().value());
        page.append("</table>");
    }

    private static String words(Invoice invoice) {
        return switch (invoice.state()) {
            case DRAFT -> "its period is not over.";
            case GRACE -> "usage that comes late still lands on it until " + time(invoice.graceUntil()) + " UTC.";
            case HELD, PARKED -> "it is being looked at before it is sent.";
            case FINAL -> "";
        };
    }

    private static void meta(StringBuilder page, String name, String value) {
        page.append("<tr><td class=\"small\">")
                .append(text(name))
                .append("</td><td>")
                .append(text(value))
                .append("</td></tr>");
    }

    private static void lines(StringBuilder page, Invoice invoice) {
        page.append("<h2>Lines</h2><table><thead><tr><th>No.</th><th>What</th><th class=\"number\">Units</th>"
                + "<th class=\"number\">Amount</th></tr></thead><tbody>");
        for (InvoiceLine line : invoice.content().lines()) {
            page.append("<tr><td>")
                    .append(line.number())
                    .append("</td><td>")
                    .append(text(LineWords.title(line)))
                    .append("<br/><span class=\"small\">")
                    .append(time(line.term().from()))
                    .append(" to ")
                    .append(time(line.term().to()))
                    .append("</span></td><td class=\"number\">")
                    .append(units(line))
                    .append("</td><td class=\"number\">")
                    .append(text(LineWords.money(line.amount())))
                    .append("</td></tr>");
        }
        page.append("<tr class=\"total\"><td></td><td>Total</td><td></td><td class=\"number\">")
                .append(text(LineWords.money(invoice.content().total())))
                .append("</td></tr></tbody></table>");
    }

    private static String units(InvoiceLine line) {
        return switch (line.derivation()) {
            case Derivation.Counted counted -> String.format(Locale.ROOT, "%,d", counted.units());
            case Derivation.Corrected corrected -> String.format(Locale.ROOT, "%,d", corrected.units());
            case Derivation.Prorated unused -> "";
            case Derivation.Discounted unused -> "";
            case Derivation.ToppedUp unused -> "";
            case Derivation.Stated unused -> "";
            case Derivation.Credited unused -> "";
            case Derivation.CarriedOver unused -> "";
        };
    }

    private static void credits(StringBuilder page, List<CreditNote> credits) {
        if (credits.isEmpty()) {
            return;
        }
        page.append("<h2>Credit notes</h2><table><tbody>");
        for (CreditNote note : credits) {
            page.append("<tr><td>")
                    .append(text(note.number()))
                    .append(", ")
                    .append(day(note.at()))
                    .append("</td><td>")
                    .append(text(note.reason()))
                    .append("</td><td class=\"number\">−")
                    .append(text(LineWords.money(note.amount())))
                    .append("</td></tr>");
        }
        page.append("</tbody></table>");
    }

    private static void derivation(StringBuilder page, Invoice invoice) {
        page.append("<h2>How each amount came about</h2>");
        for (InvoiceLine line : invoice.content().lines()) {
            page.append("<p><strong>")
                    .append(line.number())
                    .append(". ")
                    .append(text(LineWords.title(line)))
                    .append("</strong></p><ol>");
            LineWords.steps(line)
                    .forEach(step -> page.append("<li>").append(text(step)).append("</li>"));
            page.append("</ol>");
        }
    }

    private static void trace(StringBuilder page, Invoice invoice) {
        String cut = invoice.cut().heads().stream()
                .filter(head -> head.batch() > 0)
                .map(head -> head.shard() + ":" + head.batch() + " " + shortened(head))
                .collect(Collectors.joining(", "));
        page.append("<h2>What it was counted from</h2><p class=\"small\">Rated ")
                .append(time(invoice.ratedAt()))
                .append(" UTC by algorithm ")
                .append(invoice.content().algorithm())
                .append(", from the ledger up to these batches: <code>")
                .append(text(cut.isEmpty() ? "none" : cut))
                .append(
                        "</code>. Every line opens to its calls, and the evidence of this invoice can be checked without us:"
                                + " <code>gatehouse verify-invoice</code>.</p>");
    }

    private static String shortened(LedgerCut.Head head) {
        return head.hash().substring(0, Math.min(12, head.hash().length()));
    }

    private static String day(Instant at) {
        return DAY.format(at.atZone(ZoneOffset.UTC));
    }

    private static String time(Instant at) {
        return TIME.format(at.atZone(ZoneOffset.UTC));
    }

    /** Text as XML wants it; characters that XML does not allow are left out. */
    private static String text(String plain) {
        StringBuilder out = new StringBuilder(plain.length());
        plain.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> {
                    if (c >= 0x20 && c != 0xfffe && c != 0xffff && (c < 0xd800 || c > 0xdfff) || c == '\n') {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }
}
