package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.metering.LedgerCut;
import java.time.Instant;
import java.util.stream.Collectors;

/**
 * One rating of a period: what it saw, and what it made of it.
 *
 * @param id {@code run_…}
 * @param cut how far the ledger was seen
 * @param input terms and hours
 * @param output the lines that follow from the input, and after them those that do not: adjustments and an operator's
 */
public record RatingRun(
        String id, InvoiceId invoice, Instant at, LedgerCut cut, RatingInput input, DraftInvoice output) {

    /** The price lists that were used, as in {@code growth/USD/2}. */
    public String prices() {
        return input.terms().stream()
                .map(term -> name(term.prices()))
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static String name(PriceList list) {
        String own = list.override() == null ? "" : "+" + list.override();
        return list.plan() + "/" + list.currency() + "/" + list.version() + own;
    }
}
