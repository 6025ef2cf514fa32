package dev.gatehouse.billing;

import java.util.Locale;

/** Where an invoice stands. */
public enum InvoiceState {
    /** Its period runs: it grows with every call. */
    DRAFT,
    /** Its period is over; late usage still lands on it. */
    GRACE,
    /** A line is far from what the tenant is used to: an operator has to approve it. */
    HELD,
    /** The two calculators disagree: nothing is final until an operator has seen to it. */
    PARKED,
    /** It has its number and never changes; what comes later is an adjustment on the next one. */
    FINAL;

    /** The name in JSON and in the database. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none of this name */
    public static InvoiceState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
