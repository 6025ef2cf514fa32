package dev.gatehouse.billing.price;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.kernel.id.TenantId;
import java.util.List;

/** Knows which price list a tenant was on, and when. */
@FunctionalInterface
public interface Terms {
    /**
     * The terms of a period in the order of time: they lie in the period, do not overlap and are of one currency. A tenant
     * that came in mid-period has its first term begin then. The term that goes on now ends with the period.
     */
    List<Term> of(TenantId tenant, BillingPeriod period);
}
