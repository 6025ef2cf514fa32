package dev.gatehouse.billing.store;

import dev.gatehouse.billing.CreditNote;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What operators put on invoices, and give back. */
public final class ExtraRows {

    /**
     * A line for the next invoice.
     *
     * @param id {@code xln_…}
     * @param from the beginning of the period from which on it may be taken
     */
    public record Extra(
            String id,
            TenantId tenant,
            Instant from,
            Money amount,
            String text,
            String reason,
            String by,
            Instant at) {}

    private final Handle handle;

    ExtraRows(Handle handle) {
        this.handle = handle;
    }

    /** @param key the request's idempotency key; null for none */
    public void insert(Extra extra, @Nullable String key) {
        handle.createUpdate("""
                        INSERT INTO extra_line (extra_id, tenant_id, period_from, currency, amount, text, reason, created_by,
                            created_at, request_key)
                        VALUES (:id, :tenant, :from, :currency, :amount, :text, :reason, :by, :at, :key)
                        """)
                .bind("id", extra.id())
                .bind("tenant", extra.tenant().value())
                .bind("from", Columns.utc(extra.from()))
                .bind("currency", extra.amount().currency().getCurrencyCode())
                .bind("amount", extra.amount().amount())
                .bind("text", extra.text())
                .bind("reason", extra.reason())
                .bind("by", extra.by())
                .bind("at", Columns.utc(extra.at()))
                .bind("key", key)
                .execute();
    }

    public Optional<Extra> byKey(String key) {
        return handle.createQuery("SELECT * FROM extra_line WHERE request_key = :key")
                .bind("key", key)
                .map((row, context) -> extra(row))
                .findOne();
    }

    /** Lines that no final invoice has taken, for a period that begins at an instant, in the order of their making. */
    public List<Extra> waiting(TenantId tenant, Instant period, String currency) {
        return handle.createQuery("""
                        SELECT * FROM extra_line
                        WHERE tenant_id = :tenant AND period_from <= :period AND currency = :currency
                            AND invoice_id IS NULL
                        ORDER BY created_at, extra_id
                        """)
                .bind("tenant", tenant.value())
                .bind("period", Columns.utc(period))
                .bind("currency", currency)
                .map((row, context) -> extra(row))
                .list();
    }

    /**
     * Puts these lines on an invoice.
     *
     * @throws IllegalStateException when one of them is on an invoice already, or gone: nothing may be committed then
     */
    public void take(List<String> ids, InvoiceId invoice) {
        if (ids.isEmpty()) {
            return;
        }
        int taken = handle.createUpdate(
                        "UPDATE extra_line SET invoice_id = :invoice WHERE extra_id IN (<ids>) AND invoice_id IS NULL")
                .bind("invoice", invoice.value())
                .bindList("ids", ids)
                .execute();
        if (taken != ids.size()) {
            throw new IllegalStateException(
                    "of " + ids.size() + " lines of " + invoice + " only " + taken + " waited for an invoice");
        }
    }

    private static Extra extra(ResultSet row) throws SQLException {
        return new Extra(
                row.getString("extra_id"),
                new TenantId(row.getString("tenant_id")),
                Columns.instant(row, "period_from"),
                Columns.money(row, "amount"),
                row.getString("text"),
                row.getString("reason"),
                row.getString("created_by"),
                Columns.instant(row, "created_at"));
    }

    /** @param key the request's idempotency key; null for none */
    public void insert(TenantId tenant, CreditNote note, @Nullable String key) {
        handle.createUpdate("""
                        INSERT INTO credit_note (credit_note_id, tenant_id, invoice_id, number, currency, amount, reason,
                            created_by, created_at, request_key)
                        VALUES (:id, :tenant, :invoice, :number, :currency, :amount, :reason, :by, :at, :key)
                        """)
                .bind("id", note.id())
                .bind("tenant", tenant.value())
                .bind("invoice", note.invoice().value())
                .bind("number", note.number())
                .bind("currency", note.amount().currency().getCurrencyCode())
                .bind("amount", note.amount().amount())
                .bind("reason", note.reason())
                .bind("by", note.by())
                .bind("at", Columns.utc(note.at()))
                .bind("key", key)
                .execute();
    }

    public Optional<CreditNote> creditByKey(String key) {
        return handle.createQuery("SELECT * FROM credit_note WHERE request_key = :key")
                .bind("key", key)
                .map((row, context) -> credit(row))
                .findOne();
    }

    /** By number. */
    public List<CreditNote> credits(InvoiceId invoice) {
        return handle.createQuery("SELECT * FROM credit_note WHERE invoice_id = :invoice ORDER BY number")
                .bind("invoice", invoice.value())
                .map((row, context) -> credit(row))
                .list();
    }

    private static CreditNote credit(ResultSet row) throws SQLException {
        return new CreditNote(
                row.getString("credit_note_id"),
                row.getString("number"),
                new InvoiceId(row.getString("invoice_id")),
                Columns.money(row, "amount"),
                row.getString("reason"),
                row.getString("created_by"),
                Columns.instant(row, "created_at"));
    }
}
