package dev.gatehouse.billing.store;

import dev.gatehouse.billing.Budget;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
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
                        INSERT INTO budget_alert (tenant_id, period_from, percent, amount, currency, spent, at, at_limit)
                        VALUES (:tenant, :period, :percent, :amount, :currency, :spent, :at, :atLimit)
                        ON CONFLICT DO NOTHING
                        """)
                        .bind("tenant", budget.tenant().value())
                        .bind("period", Columns.utc(period))
                        .bind("percent", alert.percent())
                        .bind("amount", budget.amount().amount())
                        .bind("currency", budget.amount().currency().getCurrencyCode())
                        .bind("spent", alert.spent().amount())
                        .bind("at", Columns.utc(alert.at()))
                        .bind("atLimit", budget.atLimit().name())
                        .execute()
                == 1;
    }

    /**
     * An alert that a tenant has to be told of.
     *
     * @param budget as it was when the alert came about
     */
    public record Open(Row budget, Instant period, Budget.Alert alert) {}

    /** Alerts of which it is not known yet whom to tell. @param tenant null for those of all */
    public List<Open> unaddressed(@Nullable TenantId tenant) {
        return handle.createQuery("SELECT * FROM budget_alert WHERE addressed_at IS NULL"
                        + " AND (:tenant::text IS NULL OR tenant_id = :tenant) ORDER BY at, percent LIMIT 1000")
                .bind("tenant", tenant == null ? null : tenant.value())
                .map((row, context) -> open(row))
                .list();
    }

    private static Open open(ResultSet row) throws SQLException {
        return new Open(
                new Row(
                        new TenantId(row.getString("tenant_id")),
                        Columns.money(row, "amount"),
                        Budget.AtLimit.valueOf(row.getString("at_limit"))),
                Columns.instant(row, "period_from"),
                new Budget.Alert(row.getInt("percent"), Columns.money(row, "spent"), Columns.instant(row, "at")));
    }

    /** From now on each of these is to be told; answers whether they were not named before. */
    public boolean address(Open open, List<String> recipients, Instant at) {
        boolean first = handle.createUpdate("UPDATE budget_alert SET addressed_at = :at WHERE tenant_id = :tenant"
                                + " AND period_from = :period AND amount = :amount AND percent = :percent"
                                + " AND addressed_at IS NULL")
                        .bind("at", Columns.utc(at))
                        .bind("tenant", open.budget().tenant().value())
                        .bind("period", Columns.utc(open.period()))
                        .bind("amount", open.budget().amount().amount())
                        .bind("percent", open.alert().percent())
                        .execute()
                == 1;
        for (String recipient : first ? recipients : List.<String>of()) {
            handle.createUpdate("""
                            INSERT INTO budget_notice (tenant_id, period_from, percent, amount, recipient, next_at)
                            VALUES (:tenant, :period, :percent, :amount, :recipient, :at) ON CONFLICT DO NOTHING
                            """)
                    .bind("tenant", open.budget().tenant().value())
                    .bind("period", Columns.utc(open.period()))
                    .bind("percent", open.alert().percent())
                    .bind("amount", open.budget().amount().amount())
                    .bind("recipient", recipient)
                    .bind("at", Columns.utc(at))
                    .execute();
        }
        return first;
    }

    /**
     * Something to tell somebody.
     *
     * @param attempts how often it was tried
     */
    public record Notice(long id, String recipient, int attempts, Open open) {}

    /** The next that is due; nobody else takes it until the end of the transaction. @param tenant null for any */
    public Optional<Notice> nextNotice(@Nullable TenantId tenant, Instant now) {
        return handle.createQuery("""
                        SELECT n.notice_id, n.recipient, n.attempts, a.*
                        FROM budget_notice n JOIN budget_alert a USING (tenant_id, period_from, amount, percent)
                        WHERE n.told_at IS NULL AND n.next_at <= :now AND (:tenant::text IS NULL OR n.tenant_id = :tenant)
                        ORDER BY n.next_at, n.notice_id LIMIT 1 FOR UPDATE OF n SKIP LOCKED
                        """)
                .bind("now", Columns.utc(now))
                .bind("tenant", tenant == null ? null : tenant.value())
                .map((row, context) -> new Notice(
                        row.getLong("notice_id"), row.getString("recipient"), row.getInt("attempts"), open(row)))
                .findOne();
    }

    public void told(Notice notice, Instant at) {
        handle.createUpdate("UPDATE budget_notice SET told_at = :at, attempts = attempts + 1, last_fault = NULL"
                        + " WHERE notice_id = :id")
                .bind("at", Columns.utc(at))
                .bind("id", notice.id())
                .execute();
    }

    /** It could not be told, and is tried again. @param fault shortened, for people */
    public void putOff(Notice notice, Instant until, String fault) {
        handle.createUpdate("UPDATE budget_notice SET next_at = :until, attempts = attempts + 1, last_fault = :fault"
                        + " WHERE notice_id = :id")
                .bind("until", Columns.utc(until))
                .bind("fault", fault.length() > 500 ? fault.substring(0, 500) : fault)
                .bind("id", notice.id())
                .execute();
    }
}
