package dev.gatehouse.portal.page;

import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.LineWords;
import java.util.List;

/** Invoice lines and states in words: billing's own, so that page and paper say the same. */
public final class Lines {
    private Lines() {}

    public static String text(InvoiceLine line) {
        return LineWords.title(line);
    }

    public static String units(InvoiceLine line) {
        return line.derivation() instanceof Derivation.Counted counted ? Show.number(counted.units()) : "";
    }

    /** The derivation, one sentence a step. */
    public static List<String> steps(InvoiceLine line) {
        return LineWords.steps(line);
    }

    public static String state(InvoiceState state) {
        return switch (state) {
            case DRAFT -> "draft, grows with every call";
            case GRACE -> "being closed, late calls still land on it";
            case HELD, PARKED -> "waits for us";
            case FINAL -> "final";
        };
    }
}
