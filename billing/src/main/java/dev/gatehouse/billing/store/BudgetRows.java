package dev.gatehouse.billing.store;

import dev.gatehouse.billing.Budget;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Budgets, and the alerts that they brought. */
public final class BudgetRows {
    /** A tenant's budget without its alerts. */
    public record Row(TenantId tenant, Money amount, Budget.AtLimit atLimit) {}

    private final Handle handle;

    BudgetRows(Handle handle) {
        this.handle = handle;
    }

    public Optional<Row> find(TenantId tenant) {
        return rows(tenant).stream().findFirst();
    }

    public List<Row> all() {
        return rows(null);
    }

    private List<Row> rows(@Nullable TenantId tenant) {
        return handle.createQuery("SELECT * FROM budget WHERE (:tenant::text IS NULL OR tenant_id = :tenant)"
                        + " ORDER BY tenant_id")
                .bind("tenant", tenant == null ? null : tenant.value())
                .map((row, context) -> new Row(
                        new TenantId(row.getString("tenant_id")),
                        Columns.money(row, "amount"),
                        Budget.AtLimit.valueOf(row.getString("at_limit"))))
                .list();
    }

    public void put(Row budget) {
        handle.createUpdate("""
                        INSERT INTO budget (tenant_id, currency, amount, at_limit)
                        VALUES (:tenant, :currency, :amount, :atLimit)
                        ON CONFLICT (tenant_id) DO UPDATE SET currency = excluded.currency, amount = excluded.amount,
                            at_limit = excluded.at_limit
                        """)
                .bind("tenant", budget.tenant().value())
                .bind("currency", budget.amount().currency().getCurrencyCode())
                .bind("amount", budget.amount().amount())
                .bind("atLimit", budget.atLimit().name())
                .execute();
    }

    public void remove(TenantId tenant) {
        handle.createUpdate("DELETE FROM budget WHERE tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .execute();
    }

    /**
     * Notes who changed a budget, and to what.
     *
     * @param budget null when it ended
     */
    public void note(TenantId tenant, @Nullable Row budget, Instant at, String by) {
        handle.createUpdate("""
                        INSERT INTO budget_change (tenant_id, at, by_whom, amount, currency, at_limit)
                        VALUES (:tenant, :at, :by, :amount, :currency, :atLimit)
                        """)
                .bind("tenant", tenant.value())
                .bind("at", Columns.utc(at))
                .bind("by", by)
                .bind("amount", budget == null ? null : budget.amount().amount())
                .bind(
                        "currency",
                        budget == null ? null : budget.amount().currency().getCurrencyCode())
                .bind("atLimit", budget == null ? null : budget.atLimit().name())
                .execute();
    }

    /** The alerts of a period that a budget of this amount has brought, the lowest first. */
    public List<Budget.Alert> alerts(Row budget, Instant period) {
        return handle.createQuery("""
                        SELECT * FROM budget_alert
                        WHERE tenant_id = :tenant AND period_from = :period AND amount = :amount ORDER BY percent
                        """)
                .bind("tenant", budget.tenant().value())
                .bind("period", Columns.utc(period))
                .bind("amount", budget.amount().amount())
                .map((row, context) -> new Budget.Alert(
                        row.getInt("percent"), Columns.money(row, "spent"), Columns.instant(row, "at")))
                .list();
    }

    /** Answers whether it is new: each is told once. */
    public boolean insert(Row budget, Instant period, Budget.Alert alert) {
        return handle.createUpdate("""
                        INSERT INTO budget_alert (tenant_id, period_from, percent, amount, currency, spent, at)
                        VALUES (:tenant, :period, :percent, :amount, :currency, :spent, :at)
                        ON CONFLICT DO NOTHING
                        """)
                        .bind("tenant", budget.tenant().value())
                        .bind("period", Columns.utc(period))
                        .bind("percent", alert.percent())
                        .bind("amount", budget.amount().amount())
                        .bind("currency", budget.amount().currency().getCurrencyCode())
                        .bind("spent", alert.spent().amount())
                        .bind("at", Columns.utc(alert.at()))
                        .execute()
                == 1;
    }
}
