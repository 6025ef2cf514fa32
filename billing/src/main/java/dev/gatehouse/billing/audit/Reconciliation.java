package dev.gatehouse.billing.audit;

import dev.gatehouse.billing.BillingPeriod;
import java.util.List;

/**
 * Whether ledger, rating and invoices of a month agree, to the unit.
 *
 * @param ledger units of single calls
 * @param rollups units of the ledger's sums
 * @param rated units that ratings counted, later corrections included
 * @param invoiced units on lines of invoices, adjustments included
 * @param toAdjust units that came after an invoice was final: the next one charges them
 * @param invoices how many were looked at
 * @param findings what does not agree; empty when all does
 */
public record Reconciliation(
        BillingPeriod period,
        long ledger,
        long rollups,
        long rated,
        long invoiced,
        long toAdjust,
        int invoices,
        List<Finding> findings) {

    /** @param tenant the tenant's id */
    public record Finding(String tenant, String what) {}

    public Reconciliation {
        findings = List.copyOf(findings);
    }

    public boolean agrees() {
        return findings.isEmpty();
    }
}
