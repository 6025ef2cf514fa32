package dev.gatehouse.billing.store;

import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What final invoices came to below zero, and which later ones have given it back. */
public final class CreditRows {
    /**
     * An invoice that came to less than nothing.
     *
     * @param number that invoice's number
     * @param amount more than nothing
     */
    public record Carried(InvoiceId invoice, String number, Money amount) {}

    private final Handle handle;

    CreditRows(Handle handle) {
        this.handle = handle;
    }

    /** @param period the beginning of the invoice's period */
    public void insert(TenantId tenant, Instant period, Carried credit) {
        handle.createUpdate("""
                        INSERT INTO carried_credit (invoice_id, tenant_id, period_from, number, currency, amount)
                        VALUES (:invoice, :tenant, :period, :number, :currency, :amount)
                        """)
                .bind("invoice", credit.invoice().value())
                .bind("tenant", tenant.value())
                .bind("period", Columns.utc(period))
                .bind("number", credit.number())
                .bind("currency", credit.amount().currency().getCurrencyCode())
                .bind("amount", credit.amount().amount())
                .execute();
    }

    /** Of invoices of periods before one, what no invoice has given back; the oldest first. */
    public List<Carried> waiting(TenantId tenant, Instant before, String currency) {
        return handle.createQuery("""
                        SELECT * FROM carried_credit
                        WHERE tenant_id = :tenant AND period_from < :before AND currency = :currency AND taken_by IS NULL
                        ORDER BY period_from
                        """)
                .bind("tenant", tenant.value())
                .bind("before", Columns.utc(before))
                .bind("currency", currency)
                .map((row, context) -> new Carried(
                        new InvoiceId(row.getString("invoice_id")),
                        row.getString("number"),
                        Columns.money(row, "amount")))
                .list();
    }

    /** @throws IllegalStateException when one of them was given back already: nothing may be committed then */
    public void take(List<InvoiceId> invoices, InvoiceId by) {
        for (InvoiceId invoice : invoices) {
            int taken = handle.createUpdate("UPDATE carried_credit SET taken_by = :by"
                            + " WHERE invoice_id = :invoice AND taken_by IS NULL")
                    .bind("by", by.value())
                    .bind("invoice", invoice.value())
                    .execute();
            if (taken != 1) {
                throw new IllegalStateException("the credit of " + invoice + " was given back already");
            }
        }
    }
}
