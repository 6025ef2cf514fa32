package dev.gatehouse.billing;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.LedgerPage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What calls cost, in the same JVM: for the portal's pages. */
public interface Billing {
    /** What a period costs by the ledger of now; empty when nothing was agreed on with the tenant in it. */
    Optional<DraftInvoice> draft(TenantId tenant, BillingPeriod period);

    /** What the running month costs so far; empty when nothing was agreed on with the tenant. */
    Optional<MonthToDate> monthToDate(TenantId tenant);

    /**
     * The calls behind a line of a draft, page by page, in the order of their time.
     *
     * @param cursor {@link LedgerPage#next} of the page before; null for the first
     * @param limit 1 to 1,000
     * @return empty when the draft has no such line
     */
    Optional<LedgerPage> calls(TenantId tenant, BillingPeriod period, int line, @Nullable String cursor, int limit);

    /**
     * What the running month would cost if the plan changed now. Changes nothing.
     *
     * @return empty when there is no such plan, or it has no price in the tenant's currency
     */
    Optional<PlanPreview> previewPlan(TenantId tenant, String plan);

    Invoices invoices();

    Budgets budgets();
}
