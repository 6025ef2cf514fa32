package dev.gatehouse.billing.budget;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.Budgets;
import dev.gatehouse.billing.price.Agreements;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.BudgetRows.Row;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Budgets in the schema billing. */
public final class StoredBudgets implements Budgets {
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

    private final BillingStore store;
    private final Agreements agreements;
    private final Consumer<TenantId> changed;
    private final InstantSource clock;

    /** @param changed hears of each change once it is stored */
    public StoredBudgets(BillingStore store, Agreements agreements, Consumer<TenantId> changed, InstantSource clock) {
        this.store = store;
        this.agreements = agreements;
        this.changed = changed;
        this.clock = clock;
    }

    @Override
    public Optional<Budget> find(TenantId tenant) {
        return store.asTenant(
                tenant,
                session -> session.budgets()
                        .find(tenant)
                        .map(row -> new Budget(
                                row.amount(),
                                row.atLimit(),
                                session.budgets()
                                        .alerts(
                                                row,
                                                BillingPeriod.holding(clock.instant())
                                                        .from()))));
    }

    @Override
    public Budget set(TenantId tenant, Money amount, Budget.AtLimit atLimit, String by) {
        Currency pays = agreements
                .of(tenant)
                .flatMap(agreed -> agreed.currencyAt(clock.instant()))
                .orElseThrow(() -> refused("tenant", "has no agreement"));
        if (!amount.currency().equals(pays)) {
            throw refused("currency", "is " + amount.currency() + ": bills are in " + pays);
        }
        if (amount.amount().signum() <= 0 || amount.amount().compareTo(MOST) > 0) {
            throw refused("amount", "must be more than 0 and at most " + MOST);
        }
        if (amount.amount().stripTrailingZeros().scale() > pays.getDefaultFractionDigits()) {
            throw refused("amount", "has more decimals than " + pays + " has: " + pays.getDefaultFractionDigits());
        }
        Row row = new Row(tenant, amount.rounded(), atLimit);
        store.runAsTenant(tenant, session -> {
            if (!session.budgets().find(tenant).equals(Optional.of(row))) {
                session.budgets().put(row);
                session.budgets().note(tenant, row, clock.instant(), by);
            }
        });
        changed.accept(tenant);
        return find(tenant).orElseGet(() -> new Budget(amount.rounded(), atLimit, List.of()));
    }

    @Override
    public void remove(TenantId tenant, String by) {
        store.runAsTenant(tenant, session -> {
            if (session.budgets().find(tenant).isPresent()) {
                session.budgets().remove(tenant);
                session.budgets().note(tenant, null, clock.instant(), by);
            }
        });
        changed.accept(tenant);
    }

    private static RuntimeException refused(String field, String message) {
        return Problem.of(
                        ProblemCode.REFUSED,
                        "Nothing was changed: " + field + " " + message + ".",
                        List.of(new FieldError(field, message)))
                .asException();
    }
}
