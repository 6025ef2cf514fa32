package dev.gatehouse.billing;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.LedgerPage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tenant's invoices, for its pages and its API. Nothing of another tenant is ever found. */
public interface Invoices {
    /** Newest period first, the running month's draft included. */
    List<InvoiceSummary> list(TenantId tenant);

    /** The running month's draft is computed from the ledger of now, others are as they are stored. */
    Optional<Invoice> find(TenantId tenant, InvoiceId invoice);

    /**
     * The calls behind a line, page by page, in the order of their time: exactly those that the line counts, as of the
     * invoice's cut.
     *
     * @param cursor {@link LedgerPage#next} of the page before; null for the first
     * @param limit 1 to 1,000
     * @return empty when there is no such line, or when it counts no calls
     * @throws IllegalArgumentException when the cursor is none of ours
     */
    Optional<LedgerPage> calls(TenantId tenant, InvoiceId invoice, int line, @Nullable String cursor, int limit);

    List<CreditNote> creditNotes(TenantId tenant, InvoiceId invoice);

    /** The invoice as a page of its own, complete HTML. */
    Optional<String> page(TenantId tenant, InvoiceId invoice);

    /** The invoice as PDF. */
    Optional<byte[]> pdf(TenantId tenant, InvoiceId invoice);

    /** The bundle that {@code gatehouse verify-invoice} checks offline, as JSON; empty for a running draft too. */
    Optional<byte[]> evidence(TenantId tenant, InvoiceId invoice);
}
