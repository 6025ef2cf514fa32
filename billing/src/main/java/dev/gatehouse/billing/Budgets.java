package dev.gatehouse.billing;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.util.Optional;

/** What tenants want to spend. Each change is audited. */
public interface Budgets {
    Optional<Budget> find(TenantId tenant);

    /**
     * Sets the budget, in place of the one there is. A raised budget lifts a cap that was reached within a minute.
     *
     * @param by who, as in {@code member:ada@example.com}
     * @throws dev.gatehouse.kernel.problem.ProblemException when the amount is nothing, in another currency than the tenant
     *     pays in, or has more decimals than that; the problem names the field
     */
    Budget set(TenantId tenant, Money amount, Budget.AtLimit atLimit, String by);

    /** Ends the budget and its cap. */
    void remove(TenantId tenant, String by);
}
