package dev.gatehouse.billing.store;

import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What tenants have agreed to. Rows are only ever added. */
public final class AgreementRows {
    /** Why something was agreed on. */
    public enum Cause {
        BEGIN,
        PLAN,
        PRICES,
        CURRENCY,
        END,
        ADOPTED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something that was agreed on.
     *
     * @param place its number among the tenant's, from 1
     * @param since from when on it holds, in whole seconds
     * @param prices null where the agreement ended
     * @param trialUntil the end of the trial that began with it; null for none
     * @param planChange the number of the change of plan, in the directory's history, that it follows; null for none
     */
    public record Row(
            int place,
            Instant since,
            @Nullable PriceList prices,
            @Nullable Instant trialUntil,
            Cause cause,
            @Nullable Integer planChange) {}

    private final Handle handle;

    AgreementRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(TenantId tenant, Row row, Instant at, String by, @Nullable String reason) {
        PriceList prices = row.prices();
        handle.createUpdate("""
                        INSERT INTO agreement (tenant_id, place, since, plan, currency, version, trial_until, cause,
                            plan_change, created_at, created_by, reason)
                        VALUES (:tenant, :place, :since, :plan, :currency, :version, :trial, :cause, :change, :at, :by,
                            :reason)
                        """)
                .bind("tenant", tenant.value())
                .bind("place", row.place())
                .bind("since", Columns.utc(row.since()))
                .bind("plan", prices == null ? null : prices.plan())
                .bind("currency", prices == null ? null : prices.currency().getCurrencyCode())
                .bind("version", prices == null ? null : Integer.valueOf(prices.version()))
                .bind("trial", row.trialUntil() == null ? null : Columns.utc(row.trialUntil()))
                .bind("cause", row.cause().text())
                .bind("change", row.planChange())
                .bind("at", Columns.utc(at))
                .bind("by", by)
                .bind("reason", reason)
                .execute();
    }

    /** Whether what held before agreements were written down has been written. */
    public boolean areAdopted() {
        return handle.createQuery("SELECT done_at IS NOT NULL FROM agreement_adoption")
                .mapTo(Boolean.class)
                .one();
    }

    public void adopted(Instant at) {
        handle.createUpdate("UPDATE agreement_adoption SET done_at = :at WHERE done_at IS NULL")
                .bind("at", Columns.utc(at))
                .execute();
    }

    /** In which currency a tenant paid before agreements were written down: as was set for it, or by its last invoice. */
    public Optional<Currency> currencyBefore(TenantId tenant) {
        return handle.createQuery("""
                        SELECT currency FROM (
                            SELECT currency, 1 AS rank, NULL::timestamptz AS at FROM account WHERE tenant_id = :tenant
                            UNION ALL
                            SELECT currency, 2, period_from FROM invoice WHERE tenant_id = :tenant) AS known
                        ORDER BY rank, at DESC LIMIT 1
                        """)
                .bind("tenant", tenant.value())
                .mapTo(String.class)
                .findOne()
                .map(Currency::getInstance);
    }

    /**
     * What a period that is over is rated by.
     *
     * @param terms as JSON
     */
    public record Frozen(String terms, int algorithm) {}

    /** Empty for a period that is not over, or from before it was kept. */
    public Optional<Frozen> frozen(TenantId tenant, Instant period) {
        return handle.createQuery("SELECT terms::text AS terms, algorithm FROM period_terms"
                        + " WHERE tenant_id = :tenant AND period_from = :period")
                .bind("tenant", tenant.value())
                .bind("period", Columns.utc(period))
                .map((row, context) -> new Frozen(row.getString("terms"), row.getInt("algorithm")))
                .findOne();
    }

    /** @param terms as JSON */
    public void freeze(TenantId tenant, Instant period, String terms, int algorithm, Instant at) {
        handle.createUpdate("""
                        INSERT INTO period_terms (tenant_id, period_from, terms, algorithm, frozen_at)
                        VALUES (:tenant, :period, :terms::jsonb, :algorithm, :at)
                        """)
                .bind("tenant", tenant.value())
                .bind("period", Columns.utc(period))
                .bind("terms", terms)
                .bind("algorithm", algorithm)
                .bind("at", Columns.utc(at))
                .execute();
    }
}
