package dev.gatehouse.billing.budget;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.BudgetRows.Row;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.runtime.lease.LeaseLostException;
import dev.gatehouse.runtime.lease.Leases;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what tenants with a budget have spent: has them told at 50, 80 and 100 %, and sets or lifts the cap that gateways
 * refuse by. A cap travels like any other change of a tenant: in the directory's snapshot, within a second.
 */
public final class BudgetWatch {
    /** Tells tenants of alerts. What it throws is tried again later. */
    @FunctionalInterface
    public interface Notices {
        /** Who has to be told, each by an address. */
        default List<String> recipients(Tenant tenant) {
            return List.of(tenant.slug());
        }

        /** Tells one of {@link #recipients}; returns when that is done. */
        void tell(Tenant tenant, Budget budget, Budget.Alert alert, String recipient);
    }

    /** What the running month costs a tenant so far; empty when nothing was agreed on with it. */
    @FunctionalInterface
    public interface Spent {
        Optional<Money> of(TenantId tenant);
    }

    /** The name of its lease. */
    public static final String JOB = "look-at-budgets";

    private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);
    private static final List<Integer> PERCENTS = List.of(50, 80, 100);
    private static final int PAGE = 500;

    private final BillingStore store;
    private final Leases leases;
    private final Spent spent;
    private final Directory directory;
    private final BudgetLetters letters;
    private final InstantSource clock;

    public BudgetWatch(
            BillingStore store, Leases leases, Spent spent, Directory directory, Notices notices, InstantSource clock) {
        this.store = store;
        this.leases = leases;
        this.spent = spent;
        this.directory = directory;
        this.letters = new BudgetLetters(store, directory, notices, clock);
        this.clock = clock;
    }

    /** Looks at every tenant that has a budget, or a cap without one; not while another process does. */
    public void look() {
        leases.run(JOB, Duration.ZERO, lease -> {
            Fence fence = session -> session.fence(lease);
            lookAtAll(fence);
            letters.send(null);
            return lease;
        });
    }

    /** What keeps a process that lost its turn from writing. */
    @FunctionalInterface
    private interface Fence {
        Fence NONE = session -> {};

        void check(Session session);
    }

    private void lookAtAll(Fence fence) {
        Set<TenantId> seen = new HashSet<>();
        for (Row budget : store.asSystem(session -> session.budgets().all())) {
            seen.add(budget.tenant());
            guarded(budget.tenant(), fence);
        }
        TenantId after = null;
        List<Tenant> page;
        do {
            page = directory.tenants(after, PAGE);
            for (Tenant tenant : page) {
                after = tenant.id();
                if (tenant.spendCapped() && !seen.contains(tenant.id())) {
                    guarded(tenant.id(), fence);
                }
            }
        } while (page.size() == PAGE);
    }

    /** Looks at one tenant. */
    public void look(TenantId tenant) {
        guarded(tenant, Fence.NONE);
        letters.send(tenant);
    }

    /** One tenant's fault must not keep the others from being looked at. */
    private void guarded(TenantId tenant, Fence fence) {
        try {
            look(tenant, fence);
        } catch (LeaseLostException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the budget of {} could not be looked at", tenant, e);
        }
    }

    /**
     * What was spent is added up first, and that takes its time. Whether it still matters, to the budget of now in the month
     * of now, is decided under the tenant's lock, which also keeps two looks from setting and lifting a cap in turns.
     */
    private void look(TenantId tenant, Fence fence) {
        BillingPeriod period = BillingPeriod.holding(clock.instant());
        Optional<Row> before =
                store.asTenant(tenant, session -> session.budgets().find(tenant));
        Optional<Money> sum = before.flatMap(budget -> spent.of(tenant)
                .filter(total -> total.currency().equals(budget.amount().currency())));
        store.runAsTenant(tenant, session -> {
            fence.check(session);
            session.lock("budget " + tenant);
            Optional<Row> now = session.budgets().find(tenant);
            Optional<Tenant> found = directory.tenant(tenant);
            if (found.isEmpty() || !now.equals(before) || !period.equals(BillingPeriod.holding(clock.instant()))) {
                // the next look sees it anew
                return;
            }
            if (now.isEmpty()) {
                if (found.get().spendCapped()) {
                    lift(tenant, "the budget was ended");
                }
                return;
            }
            if (sum.isEmpty()) {
                // a budget in another currency than the bill's says nothing of it: what holds stays
                return;
            }
            alerts(session, found.get(), now.get(), period, sum.get());
            cap(found.get(), now.get(), sum.get());
        });
    }

    private void cap(Tenant tenant, Row budget, Money sum) {
        boolean reached = sum.amount().compareTo(budget.amount().amount()) >= 0;
        boolean cap = reached && budget.atLimit() == Budget.AtLimit.REFUSE_CALLS;
        if (cap && !tenant.spendCapped()) {
            directory
                    .reachSpendCap(
                            tenant.id(),
                            Actor.process("billing")
                                    .because("the month to date, " + sum + ", reached " + budget.amount()))
                    .orThrow();
        } else if (!cap && tenant.spendCapped()) {
            lift(tenant.id(), "the month to date, " + sum + ", is below the cap of " + budget.amount());
        }
    }

    private void lift(TenantId tenant, String why) {
        directory.liftSpendCap(tenant, Actor.process("billing").because(why)).orThrow();
    }

    /** Each is stored once, and is told from there. */
    private void alerts(Session session, Tenant tenant, Row budget, BillingPeriod period, Money spent) {
        for (int percent : PERCENTS) {
            BigDecimal edge = budget.amount().amount().multiply(BigDecimal.valueOf(percent, 2));
            if (spent.amount().compareTo(edge) < 0) {
                return;
            }
            if (session.budgets().insert(budget, period.from(), new Budget.Alert(percent, spent, clock.instant()))) {
                LOG.info("{} has spent {} % of its budget", tenant.slug(), percent);
            }
        }
    }
}
