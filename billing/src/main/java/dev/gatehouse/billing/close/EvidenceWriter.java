package dev.gatehouse.billing.close;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.PriceFormat;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.billing.rating.RunJson;
import dev.gatehouse.metering.BillableUsage.Batches;
import dev.gatehouse.runtime.json.Json;
import java.util.List;
import java.util.Locale;

/** Writes the bundle by which an invoice is checked offline. Its format is described in docs/evidence.md. */
final class EvidenceWriter {
    static final String FORMAT = "gatehouse-invoice-evidence/1";

    /**
     * An invoice that this one corrects.
     *
     * @param hours of its period, with those that this correction brings
     */
    record Corrected(RatingRun run, String number, List<UsageHour> hours) {}

    private EvidenceWriter() {}

    static byte[] bytes(Invoice invoice, RatingRun run, List<Batches> batches, List<Corrected> corrected) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("format", FORMAT);
        ObjectNode head = root.putObject("invoice");
        head.put("id", invoice.id().value());
        head.put("number", invoice.number());
        head.put("state", invoice.state().text());
        head.put("tenant", invoice.content().tenant().value());
        period(head.putObject("period"), run.input().period());
        head.put("currency", invoice.content().currency().getCurrencyCode());
        head.put("total", invoice.content().total().amount().toPlainString());
        head.put("algorithm", invoice.content().algorithm());
        head.put("ratedAt", run.at().toString());
        head.put("inputHash", RunJson.hash(RunJson.bytes(run.input())));
        root.set("cut", Json.MAPPER.valueToTree(run.cut()));
        terms(root.putArray("terms"), run.input().terms());
        hours(root.putArray("hours"), run.input().usage());
        root.set("batches", Json.MAPPER.valueToTree(batches));
        ArrayNode lines = root.putArray("lines");
        for (InvoiceLine line : invoice.content().lines()) {
            line(lines.addObject(), line);
        }
        ArrayNode earlier = root.putArray("corrects");
        for (Corrected one : corrected) {
            ObjectNode node = earlier.addObject();
            node.put("invoice", one.run().invoice().value());
            node.put("number", one.number());
            node.put("algorithm", one.run().output().algorithm());
            period(node.putObject("period"), one.run().input().period());
            terms(node.putArray("terms"), one.run().input().terms());
            hours(node.putArray("hours"), one.hours());
        }
        return Json.bytes(root);
    }

    private static void period(ObjectNode node, BillingPeriod period) {
        node.put("from", period.from().toString()).put("to", period.to().toString());
    }

    private static void terms(ArrayNode all, List<Term> terms) {
        for (Term term : terms) {
            ObjectNode node = all.addObject();
            node.put("from", term.from().toString());
            node.put("to", term.to().toString());
            node.put("phase", term.phase().name().toLowerCase(Locale.ROOT));
            node.set("prices", PriceFormat.write(term.prices()));
        }
    }

    private static void hours(ArrayNode all, List<UsageHour> hours) {
        for (UsageHour hour : hours) {
            all.addObject()
                    .put("hour", hour.hour().toString())
                    .put("plan", hour.plan())
                    .put("operation", hour.operation())
                    .put("calls", hour.calls())
                    .put("units", hour.units());
        }
    }

    private static void line(ObjectNode node, InvoiceLine line) {
        node.put("number", line.number());
        node.put("kind", line.kind().name().toLowerCase(Locale.ROOT));
        node.put("text", LineWords.title(line));
        node.put("amount", line.amount().amount().toPlainString());
        switch (line.derivation()) {
            case Derivation.Counted counted ->
                node.put("calls", counted.calls()).put("units", counted.units());
            case Derivation.Corrected corrected ->
                node.put("calls", corrected.calls())
                        .put("units", corrected.units())
                        .put("correctsInvoice", corrected.invoice().value())
                        .put("correctsLine", corrected.line())
                        .put("charged", corrected.charged().amount().toPlainString())
                        .put("now", corrected.now().amount().toPlainString());
            case Derivation.Stated stated -> node.put("reason", stated.reason());
            case Derivation.Credited credited -> node.put("fromInvoice", credited.number());
            case Derivation.CarriedOver unused -> {}
            case Derivation.Prorated unused -> {}
            case Derivation.Discounted unused -> {}
            case Derivation.ToppedUp unused -> {}
        }
    }
}
