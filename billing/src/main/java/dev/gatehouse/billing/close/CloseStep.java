package dev.gatehouse.billing.close;

import dev.gatehouse.billing.InvoiceId;

/** Where the close of a period is with an invoice. It may die at any of these, and goes on from what is stored. */
public enum CloseStep {
    /** Its first rating is made, and not stored. */
    DRAFT_RATED,
    /** Its first rating is written, and not committed. */
    DRAFT_WRITTEN,
    /** It is in its grace period. */
    DRAFT_STORED,
    /** Its last rating is made, and not stored. */
    RATED,
    /** The second calculator has spoken. */
    CHECKED,
    /** It has its number, and is not committed. */
    FINAL_WRITTEN,
    /** It is final, held or parked. */
    DONE;

    /** Hears of each step; what it throws ends the close there. */
    @FunctionalInterface
    public interface Observer {
        Observer NONE = (step, invoice) -> {};

        void reached(CloseStep step, InvoiceId invoice);
    }
}
