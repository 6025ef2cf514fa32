package dev.gatehouse.directory.change;

import dev.gatehouse.directory.PlanSales;
import dev.gatehouse.directory.Tenant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks who sells the plans before a change is made: outside of its transaction, in which nobody else can change anything.
 */
public final class SalesDesk {
    private final AtomicReference<PlanSales> sales = new AtomicReference<>(PlanSales.OPEN);

    /** From now on this one is asked. */
    public void open(PlanSales by) {
        sales.set(by);
    }

    /** What is refused is thrown as a problem. */
    public void requirePlan(Tenant tenant, String plan) {
        if (!tenant.plan().equals(plan)) {
            sales.get().objectionToPlan(tenant, plan).ifPresent(why -> {
                throw Refusals.refused("plan", why);
            });
        }
    }

    /** What is refused is thrown as a problem. */
    public void requireResume(Tenant tenant) {
        sales.get().objectionToResume(tenant).ifPresent(why -> {
            throw Refusals.refused("tenant", why);
        });
    }
}
