package dev.gatehouse.billing.close;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.close.InvoiceMaker.Known;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.store.InvoiceRows.Charged;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.BillableUsage.Account;
import dev.gatehouse.metering.BillableUsage.Asked;
import dev.gatehouse.metering.BillableUsage.Counted;
import dev.gatehouse.metering.BillableUsage.Sources;
import dev.gatehouse.metering.BillableUsage.Total;
import dev.gatehouse.runtime.lease.LeaseLostException;
import dev.gatehouse.runtime.sql.Database;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Goes through a period's tenants with what the ledger holds of each: many of them in one look at the whole ledger, which
 * reads on while the ones before are worked on, a few one by one. A tenant with a final invoice that the ledger has outgrown is always looked at alone, back to that invoice's
 * period.
 */
final class LedgerWalk {
    /** From so many tenants on, the ledger is read for all of them at once. */
    private static final int MANY = 20;

    private final InvoiceMaker maker;
    private final BillableUsage usage;

    LedgerWalk(InvoiceMaker maker, BillableUsage usage) {
        this.maker = maker;
        this.usage = usage;
    }

    /** What is done with each tenant; several may be visited at the same time. */
    interface Visitor {
        /** @param account of the period, and of the periods of final invoices that {@code known} still names */
        void visit(TenantId tenant, Known known, Account account);

        /** Nothing is agreed on with the tenant in the period. */
        void nothing(TenantId tenant);

        /** One tenant's fault must not keep the others from being visited. */
        void failed(TenantId tenant, RuntimeException fault);
    }

    void through(BillingPeriod period, List<TenantId> tenants, Sources sources, Visitor visitor) {
        Map<TenantId, Known> together = new LinkedHashMap<>();
        Map<TenantId, Known> alone = new LinkedHashMap<>();
        Map<BillingPeriod, Map<TenantId, Total>> totals = new HashMap<>();
        for (TenantId tenant : tenants) {
            guarded(tenant, visitor, () -> {
                Optional<Known> known = maker.closing(tenant, period);
                if (known.isEmpty()) {
                    visitor.nothing(tenant);
                } else if (tenants.size() >= MANY && !isOutgrown(tenant, known.get(), totals)) {
                    together.put(tenant, known.get().withoutFinals());
                } else {
                    alone.put(tenant, known.get());
                }
            });
        }
        if (!together.isEmpty()) {
            List<Asked> asked = together.entrySet().stream()
                    .map(each -> new Asked(
                            each.getKey(), Term.splitDays(each.getValue().terms())))
                    .toList();
            try (Lanes lanes = new Lanes()) {
                usage.walk(
                        period.from(),
                        period.to(),
                        asked,
                        sources,
                        account -> lanes.take(() -> visit(account.tenant(), together, account, visitor)));
                lanes.finish();
            }
        }
        for (TenantId tenant : alone.keySet()) {
            guarded(tenant, visitor, () -> visit(tenant, alone, own(tenant, period, alone, sources), visitor));
        }
    }

    private boolean isOutgrown(TenantId tenant, Known known, Map<BillingPeriod, Map<TenantId, Total>> totals) {
        for (Charged charged : known.finals()) {
            Map<TenantId, Total> of =
                    totals.computeIfAbsent(charged.period(), earlier -> usage.totals(earlier.from(), earlier.to()));
            if (InvoiceMaker.isOutgrown(charged, of.getOrDefault(tenant, Total.NOTHING))) {
                return true;
            }
        }
        return false;
    }

    private Account own(TenantId tenant, BillingPeriod period, Map<TenantId, Known> known, Sources sources) {
        var from = Objects.requireNonNull(known.get(tenant)).from(period);
        if (sources == Sources.ROLLUPS_AND_CALLS) {
            return usage.twice(tenant, from, period.to());
        }
        Counted counted = usage.hours(tenant, from, period.to());
        return new Account(tenant, counted.cut(), counted.hours(), List.of());
    }

    private static void visit(TenantId tenant, Map<TenantId, Known> known, Account account, Visitor visitor) {
        guarded(tenant, visitor, () -> visitor.visit(tenant, Objects.requireNonNull(known.get(tenant)), account));
    }

    /** What concerns all of them, a database that is away or a job that another process took over, ends the whole. */
    private static void guarded(TenantId tenant, Visitor visitor, Runnable work) {
        try {
            work.run();
        } catch (LeaseLostException e) {
            throw e;
        } catch (RuntimeException e) {
            if (Database.isAway(e)) {
                throw e;
            }
            visitor.failed(tenant, e);
        }
    }
}
