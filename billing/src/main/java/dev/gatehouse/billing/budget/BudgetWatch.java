package dev.gatehouse.billing.budget;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.BudgetRows.Row;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what tenants with a budget have spent: tells them at 50, 80 and 100 %, and sets or lifts the cap that gateways
 * refuse by. A cap travels like any other change of a tenant: in the directory's snapshot, within a second.
 */
public final class BudgetWatch {
    /** Hears of each alert, once. */
    @FunctionalInterface
    public interface Notices {
        void tell(Tenant tenant, Budget budget, Budget.Alert alert);
    }

    /** What the running month costs a tenant so far; empty when nothing was agreed on with it. */
    @FunctionalInterface
    public interface Spent {
        Optional<Money> of(TenantId tenant);
    }

    private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);
    private static final List<Integer> PERCENTS = List.of(50, 80, 100);
    private static final int PAGE = 500;

    private final BillingStore store;
    private final Spent spent;
    private final Directory directory;
    private final Notices notices;
    private final InstantSource clock;

    public BudgetWatch(BillingStore store, Spent spent, Directory directory, Notices notices, InstantSource clock) {
        this.store = store;
        this.spent = spent;
        this.directory = directory;
        this.notices = notices;
        this.clock = clock;
    }

    /** Looks at every tenant that has a budget, or a cap without one. */
    public void look() {
        Set<TenantId> seen = new HashSet<>();
        for (Row budget : store.asSystem(session -> session.budgets().all())) {
            seen.add(budget.tenant());
            guarded(budget.tenant(), budget);
        }
        TenantId after = null;
        List<Tenant> page;
        do {
            page = directory.tenants(after, PAGE);
            for (Tenant tenant : page) {
                after = tenant.id();
                if (tenant.spendCapped() && !seen.contains(tenant.id())) {
                    guarded(tenant.id(), null);
                }
            }
        } while (page.size() == PAGE);
    }

    /** Looks at one tenant. */
    public void look(TenantId tenant) {
        guarded(
                tenant,
                store.asTenant(tenant, session -> session.budgets().find(tenant))
                        .orElse(null));
    }

    /** One tenant's fault must not keep the others from being looked at. */
    private void guarded(TenantId tenant, @Nullable Row budget) {
        try {
            look(tenant, budget);
        } catch (RuntimeException e) {
            LOG.error("the budget of {} could not be looked at", tenant, e);
        }
    }

    private void look(TenantId tenant, @Nullable Row budget) {
        Optional<Tenant> found = directory.tenant(tenant);
        if (found.isEmpty()) {
            return;
        }
        if (budget == null) {
            if (found.get().spendCapped()) {
                lift(tenant, "the budget was ended");
            }
            return;
        }
        BillingPeriod period = BillingPeriod.holding(clock.instant());
        Money sum = spent.of(tenant)
                .filter(total -> total.currency().equals(budget.amount().currency()))
                .orElse(Money.zero(budget.amount().currency()));
        alerts(found.get(), budget, period, sum);
        boolean reached = sum.amount().compareTo(budget.amount().amount()) >= 0;
        boolean cap = reached && budget.atLimit() == Budget.AtLimit.REFUSE_CALLS;
        if (cap && !found.get().spendCapped()) {
            directory
                    .reachSpendCap(
                            tenant,
                            Actor.process("billing")
                                    .because("the month to date, " + sum + ", reached " + budget.amount()))
                    .orThrow();
        } else if (!cap && found.get().spendCapped()) {
            lift(tenant, "the month to date, " + sum + ", is below the cap of " + budget.amount());
        }
    }

    private void lift(TenantId tenant, String why) {
        directory.liftSpendCap(tenant, Actor.process("billing").because(why)).orThrow();
    }

    private void alerts(Tenant tenant, Row budget, BillingPeriod period, Money spent) {
        for (int percent : PERCENTS) {
            BigDecimal edge = budget.amount().amount().multiply(BigDecimal.valueOf(percent, 2));
            if (spent.amount().compareTo(edge) < 0) {
                return;
            }
            Budget.Alert alert = new Budget.Alert(percent, spent, clock.instant());
            boolean fresh =
                    store.asTenant(tenant.id(), session -> session.budgets().insert(budget, period.from(), alert));
            if (fresh) {
                LOG.info("{} has spent {} % of its budget", tenant.slug(), percent);
                try {
                    notices.tell(tenant, new Budget(budget.amount(), budget.atLimit(), List.of(alert)), alert);
                } catch (RuntimeException e) {
                    LOG.warn("{} could not be told of its budget: {}", tenant.slug(), e.toString());
                }
            }
        }
    }
}
