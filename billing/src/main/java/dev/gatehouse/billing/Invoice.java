package dev.gatehouse.billing;

import dev.gatehouse.metering.LedgerCut;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An invoice as it stands.
 *
 * @param number gapless, as in {@code INV-000042}; null until it is final
 * @param content its lines and their derivation
 * @param cut how far the ledger was seen when its lines were counted
 * @param ratedAt when that was
 * @param graceUntil until when late usage still lands on it
 * @param finalAt when it became final; null before
 * @param waitsFor why it is held or parked, for people; null when it is neither
 * @param history its states and who brought them about, the oldest first
 */
public record Invoice(
        InvoiceId id,
        InvoiceState state,
        @Nullable String number,
        DraftInvoice content,
        LedgerCut cut,
        Instant ratedAt,
        Instant graceUntil,
        @Nullable Instant finalAt,
        @Nullable String waitsFor,
        List<StateChange> history) {
    public Invoice {
        history = List.copyOf(history);
    }

    /** The invoice with what another rating made. */
    public Invoice withContent(DraftInvoice made, LedgerCut upTo, Instant at) {
        return new Invoice(id, state, number, made, upTo, at, graceUntil, finalAt, waitsFor, history);
    }

    /**
     * A change of an invoice's state.
     *
     * @param from null at the beginning
     * @param by as in {@code process:billing} or {@code operator:otk_…}
     */
    public record StateChange(
            Instant at,
            @Nullable InvoiceState from,
            InvoiceState to,
            String by,
            @Nullable String reason) {}
}
