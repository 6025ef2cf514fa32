package dev.gatehouse.billing.store;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.Invoice.StateChange;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.InvoiceSummary;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Invoices, their lines and the changes of their states. */
public final class InvoiceRows {
    private static final String SUMMARY = """
            SELECT i.*, coalesce((SELECT sum(c.amount) FROM credit_note c WHERE c.invoice_id = i.invoice_id), 0) AS credited
            FROM invoice i
            """;

    /**
     * An invoice's row.
     *
     * @param run the id of its current rating
     * @param approvedBy the operator who approved a held one; null for none
     */
    public record Row(
            InvoiceSummary summary,
            String run,
            Instant graceUntil,
            @Nullable String approvedBy) {}

    private final Handle handle;

    InvoiceRows(Handle handle) {
        this.handle = handle;
    }

    public Optional<Row> find(InvoiceId invoice) {
        return one(SUMMARY + " WHERE i.invoice_id = :id", invoice);
    }

    /** As {@link #find}; nobody else changes it until the end of the transaction. */
    public Optional<Row> lock(InvoiceId invoice) {
        return one(SUMMARY + " WHERE i.invoice_id = :id FOR UPDATE OF i", invoice);
    }

    private Optional<Row> one(String sql, InvoiceId invoice) {
        return handle.createQuery(sql)
                .bind("id", invoice.value())
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Newest period first. */
    public List<Row> of(TenantId tenant) {
        return handle.createQuery(SUMMARY + " WHERE i.tenant_id = :tenant ORDER BY i.period_from DESC LIMIT 1000")
                .bind("tenant", tenant.value())
                .map((row, context) -> row(row))
                .list();
    }

    /**
     * For operators, newest period first and by tenant.
     *
     * @param state null for any
     * @param from beginning of the period; null for any
     */
    public List<Row> page(@Nullable InvoiceState state, @Nullable Instant from, int limit) {
        return handle.createQuery(SUMMARY + """
                         WHERE (:state::text IS NULL OR i.state = :state)
                            AND (:from::timestamptz IS NULL OR i.period_from = :from)
                         ORDER BY i.period_from DESC, i.tenant_id LIMIT :limit
                        """)
                .bind("state", state == null ? null : state.name())
                .bind("from", from == null ? null : Columns.utc(from))
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    /** Invoices whose grace period is over, and that nobody has to look at first; the oldest period first. */
    public List<Row> due(Instant now) {
        return handle.createQuery(SUMMARY + """
                         WHERE i.state = 'GRACE' AND i.grace_until <= :now
                        ORDER BY i.period_from, i.tenant_id
                        """)
                .bind("now", Columns.utc(now))
                .map((row, context) -> row(row))
                .list();
    }

    /** Tenants that have an invoice of a period already. */
    public List<TenantId> tenantsOf(BillingPeriod period) {
        return handle.createQuery("SELECT tenant_id FROM invoice WHERE period_from = :from")
                .bind("from", Columns.utc(period.from()))
                .map((row, context) -> new TenantId(row.getString(1)))
                .list();
    }

    /**
     * What a final invoice and the later ones that correct it have counted so far.
     *
     * @param run the id of its own rating
     * @param corrections how many lines of later final invoices correct it
     */
    public record Charged(
            InvoiceId invoice,
            String number,
            BillingPeriod period,
            String run,
            long calls,
            long units,
            long corrections) {}

    /** Final invoices of a tenant in a currency, of the periods from one on and before another, the oldest first. */
    public List<Charged> finals(TenantId tenant, String currency, Instant from, Instant before) {
        return handle.createQuery("""
                        SELECT i.*, coalesce(c.calls, 0) + i.calls AS all_calls, coalesce(c.units, 0) + i.units AS all_units,
                            coalesce(c.lines, 0) AS corrections
                        FROM invoice i LEFT JOIN LATERAL (
                            SELECT sum(l.calls) AS calls, sum(l.units) AS units, count(*) AS lines
                            FROM invoice_line l JOIN invoice f ON f.invoice_id = l.invoice_id
                            WHERE l.corrects_invoice = i.invoice_id AND f.state = 'FINAL') c ON true
                        WHERE i.tenant_id = :tenant AND i.currency = :currency AND i.state = 'FINAL'
                            AND i.period_from >= :from AND i.period_from < :before
                        ORDER BY i.period_from
                        """)
                .bind("tenant", tenant.value())
                .bind("currency", currency)
                .bind("from", Columns.utc(from))
                .bind("before", Columns.utc(before))
                .map((row, context) -> new Charged(
                        new InvoiceId(row.getString("invoice_id")),
                        row.getString("number"),
                        new BillingPeriod(Columns.instant(row, "period_from"), Columns.instant(row, "period_to")),
                        row.getString("run_id"),
                        row.getLong("all_calls"),
                        row.getLong("all_units"),
                        row.getLong("corrections")))
                .list();
    }

    /** The runs of final invoices that correct a line of this one, in the order of their periods. */
    public List<String> correcting(InvoiceId invoice) {
        return handle.createQuery("""
                        SELECT i.run_id FROM invoice i
                        WHERE i.state = 'FINAL'
                            AND EXISTS (SELECT FROM invoice_line l
                                WHERE l.invoice_id = i.invoice_id AND l.corrects_invoice = :invoice)
                        ORDER BY i.period_from
                        """)
                .bind("invoice", invoice.value())
                .mapTo(String.class)
                .list();
    }

    /** Stores the invoice as it stands, in place of what there was. A final one is never touched. */
    public void put(
            InvoiceId invoice,
            InvoiceState state,
            @Nullable String number,
            DraftInvoice content,
            String run,
            Instant graceUntil,
            @Nullable Instant finalAt,
            @Nullable String waitsFor) {
        int changed = handle.createUpdate("""
                        INSERT INTO invoice AS i (invoice_id, tenant_id, period_from, period_to, state, number, currency,
                            total, units, calls, run_id, grace_until, final_at, waits_for)
                        VALUES (:id, :tenant, :from, :to, :state, :number, :currency, :total, :units, :calls, :run, :grace,
                            :final, :waits)
                        ON CONFLICT (invoice_id) DO UPDATE SET state = excluded.state, number = excluded.number,
                            currency = excluded.currency, total = excluded.total, units = excluded.units,
                            calls = excluded.calls, run_id = excluded.run_id, grace_until = excluded.grace_until,
                            final_at = excluded.final_at, waits_for = excluded.waits_for
                            WHERE i.state <> 'FINAL'
                        """)
                .bind("id", invoice.value())
                .bind("tenant", content.tenant().value())
                .bind("from", Columns.utc(content.period().from()))
                .bind("to", Columns.utc(content.period().to()))
                .bind("state", state.name())
                .bind("number", number)
                .bind("currency", content.currency().getCurrencyCode())
                .bind("total", content.total().amount())
                .bind("units", content.units())
                .bind("calls", content.calls())
                .bind("run", run)
                .bind("grace", Columns.utc(graceUntil))
                .bind("final", finalAt == null ? null : Columns.utc(finalAt))
                .bind("waits", waitsFor)
                .execute();
        if (changed != 1) {
            throw new IllegalStateException("the invoice " + invoice + " is final: it does not change any more");
        }
        lines(invoice, content);
    }

    private void lines(InvoiceId invoice, DraftInvoice content) {
        handle.createUpdate("DELETE FROM invoice_line WHERE invoice_id = :id")
                .bind("id", invoice.value())
                .execute();
        PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO invoice_line (tenant_id, invoice_id, line, kind, amount, calls, units, corrects_invoice,
                    corrects_line)
                VALUES (:tenant, :id, :line, :kind, :amount, :calls, :units, :correctsInvoice, :correctsLine)
                """);
        for (InvoiceLine line : content.lines()) {
            Derivation.Corrected corrected = line.derivation() instanceof Derivation.Corrected found ? found : null;
            Derivation.Counted counted = line.derivation() instanceof Derivation.Counted found ? found : null;
            batch.bind("tenant", content.tenant().value())
                    .bind("id", invoice.value())
                    .bind("line", line.number())
                    .bind("kind", line.kind().name().toLowerCase(Locale.ROOT))
                    .bind("amount", line.amount().amount())
                    .bind("calls", counted != null ? counted.calls() : corrected != null ? corrected.calls() : 0)
                    .bind("units", counted != null ? counted.units() : corrected != null ? corrected.units() : 0)
                    .bind(
                            "correctsInvoice",
                            corrected == null ? null : corrected.invoice().value())
                    .bind("correctsLine", corrected == null ? null : Integer.valueOf(corrected.line()))
                    .add();
        }
        batch.execute();
    }

    /** Units on an invoice's lines that count calls of its own period. */
    public long lineUnits(InvoiceId invoice) {
        return handle.createQuery("SELECT coalesce(sum(units), 0) FROM invoice_line"
                        + " WHERE invoice_id = :id AND corrects_invoice IS NULL")
                .bind("id", invoice.value())
                .mapTo(Long.class)
                .one();
    }

    /** An operator has looked at a held invoice: its next rating becomes final. */
    public void approve(InvoiceId invoice, String by) {
        handle.createUpdate("UPDATE invoice SET approved_by = :by, waits_for = NULL, state = 'GRACE'"
                        + " WHERE invoice_id = :id AND state = 'HELD'")
                .bind("by", by)
                .bind("id", invoice.value())
                .execute();
    }

    public void move(InvoiceId invoice, InvoiceState to, @Nullable String waitsFor) {
        handle.createUpdate("UPDATE invoice SET state = :to, waits_for = :waits WHERE invoice_id = :id")
                .bind("to", to.name())
                .bind("waits", waitsFor)
                .bind("id", invoice.value())
                .execute();
    }

    /** Notes a change of state. */
    public void note(TenantId tenant, InvoiceId invoice, StateChange change) {
        handle.createUpdate("""
                        INSERT INTO invoice_change (tenant_id, invoice_id, at, from_state, to_state, by_whom, reason)
                        VALUES (:tenant, :id, :at, :from, :to, :by, :reason)
                        """)
                .bind("tenant", tenant.value())
                .bind("id", invoice.value())
                .bind("at", Columns.utc(change.at()))
                .bind("from", change.from() == null ? null : change.from().name())
                .bind("to", change.to().name())
                .bind("by", change.by())
                .bind("reason", change.reason())
                .execute();
    }

    /** The oldest first. */
    public List<StateChange> history(InvoiceId invoice) {
        return handle.createQuery("SELECT * FROM invoice_change WHERE invoice_id = :id ORDER BY change_id")
                .bind("id", invoice.value())
                .map((row, context) -> new StateChange(
                        Columns.instant(row, "at"),
                        row.getString("from_state") == null ? null : InvoiceState.of(row.getString("from_state")),
                        InvoiceState.of(row.getString("to_state")),
                        row.getString("by_whom"),
                        row.getString("reason")))
                .list();
    }

    /** The next number of a series; taken only if the transaction commits, so that there is no gap. */
    public String nextNumber(String prefix) {
        long next = handle.createQuery("UPDATE series SET next = next + 1 WHERE prefix = :prefix RETURNING next - 1")
                .bind("prefix", prefix)
                .mapTo(Long.class)
                .one();
        return String.format(Locale.ROOT, "%s-%06d", prefix, next);
    }

    private static Row row(ResultSet row) throws SQLException {
        Money total = Columns.money(row, "total");
        return new Row(
                new InvoiceSummary(
                        new InvoiceId(row.getString("invoice_id")),
                        new TenantId(row.getString("tenant_id")),
                        new BillingPeriod(Columns.instant(row, "period_from"), Columns.instant(row, "period_to")),
                        InvoiceState.of(row.getString("state")),
                        row.getString("number"),
                        total,
                        Columns.money(row, "credited"),
                        Columns.maybeInstant(row, "final_at"),
                        row.getString("waits_for")),
                row.getString("run_id"),
                Columns.instant(row, "grace_until"),
                row.getString("approved_by"));
    }
}
