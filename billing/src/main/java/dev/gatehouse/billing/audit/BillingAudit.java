package dev.gatehouse.billing.audit;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.audit.Reconciliation.Finding;
import dev.gatehouse.billing.close.InvoiceMaker;
import dev.gatehouse.billing.price.Agreement;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.StoredAgreements;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.rating.Drafts;
import dev.gatehouse.billing.rating.Rating;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.billing.rating.RunJson;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.InvoiceRows.Charged;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.BillableHour;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.BillableUsage.Account;
import dev.gatehouse.metering.BillableUsage.Asked;
import dev.gatehouse.metering.BillableUsage.Sources;
import dev.gatehouse.runtime.sql.Database;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what there is, and rates the past under other prices. Changes nothing. */
public final class BillingAudit {
    private static final Logger LOG = LoggerFactory.getLogger(BillingAudit.class);
    private static final int PAGE = 500;
    private static final int MAX_FINDINGS = 200;

    private final BillingStore store;
    private final Directory directory;
    private final BillableUsage usage;
    private final StoredAgreements agreements;
    private final InvoiceMaker maker;

    public BillingAudit(
            BillingStore store,
            Directory directory,
            BillableUsage usage,
            StoredAgreements agreements,
            InvoiceMaker maker) {
        this.store = store;
        this.directory = directory;
        this.usage = usage;
        this.agreements = agreements;
        this.maker = maker;
    }

    private List<Tenant> tenants() {
        List<Tenant> all = new ArrayList<>(directory.tenants(null, PAGE));
        List<Tenant> page = all;
        while (page.size() == PAGE) {
            page = directory.tenants(all.getLast().id(), PAGE);
            all.addAll(page);
        }
        return all;
    }

    /** Compares a month: single calls, the ledger's sums, ratings and lines, and each stored rating with itself. */
    public Reconciliation reconcile(YearMonth month) {
        BillingPeriod period = BillingPeriod.of(month);
        Map<TenantId, Tenant> tenants = new LinkedHashMap<>();
        for (Tenant tenant : tenants()) {
            if (tenant.createdAt().isBefore(period.to())) {
                tenants.put(tenant.id(), tenant);
            }
        }
        Set<TenantId> all = new LinkedHashSet<>(tenants.keySet());
        all.addAll(usage.tenants());
        Sums sums = new Sums();
        usage.walk(period.from(), period.to(), asked(all), Sources.ROLLUPS_AND_CALLS, account -> {
            Tenant tenant = tenants.get(account.tenant());
            if (tenant != null) {
                guarded(
                        () -> compare(tenant, period, account, sums),
                        why -> sums.find(tenant.id().value(), "could not be compared: " + why));
            } else if (!account.recounted().isEmpty()
                    && directory.tenant(account.tenant()).isEmpty()) {
                sums.find(account.tenant().value(), "has calls in the ledger, and is no tenant");
            }
        });
        return new Reconciliation(
                period,
                sums.ledger,
                sums.rollups,
                sums.rated,
                sums.invoiced,
                sums.toAdjust,
                sums.invoices,
                sums.findings);
    }

    /** One tenant's fault is told by its name, and does not keep the others from being looked at. */
    private static void guarded(Runnable work, Consumer<String> fault) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (Database.isAway(e)) {
                throw e;
            }
            LOG.warn("a tenant could not be looked at", e);
            fault.accept(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static List<Asked> asked(Collection<TenantId> tenants) {
        return tenants.stream().map(tenant -> new Asked(tenant, Set.of())).toList();
    }

    private static final class Sums {
        private long ledger;
        private long rollups;
        private long rated;
        private long invoiced;
        private long toAdjust;
        private int invoices;
        private final List<Finding> findings = new ArrayList<>();

        private void find(String tenant, String what) {
            if (findings.size() < MAX_FINDINGS) {
                findings.add(new Finding(tenant, what));
            }
        }
    }

    private void compare(Tenant tenant, BillingPeriod period, Account account, Sums sums) {
        long ledger = units(account.recounted());
        long rollups = units(account.rolledUp());
        sums.ledger += ledger;
        sums.rollups += rollups;
        String id = tenant.id().value();
        agreements.of(tenant.id()).ifPresent(agreed -> agreed.faults().forEach(fault -> sums.find(id, fault)));
        if (ledger != rollups) {
            sums.find(id, "single calls count " + ledger + " units, the ledger's sums " + rollups);
        }
        InvoiceId invoice = InvoiceId.of(tenant.id(), period);
        Optional<Stored> stored = store.asTenant(
                tenant.id(),
                session -> session.invoices()
                        .find(invoice)
                        .map(row -> new Stored(
                                row.summary().state(),
                                session.runs().find(row.run()),
                                session.runs().hashes(row.run()),
                                session.invoices().lineUnits(invoice),
                                session
                                        .invoices()
                                        .finals(
                                                tenant.id(),
                                                row.summary().total().currency().getCurrencyCode(),
                                                period.from(),
                                                period.to())
                                        .stream()
                                        .findFirst())));
        if (stored.isEmpty()) {
            Optional<RatingRun> draft = maker.make(tenant.id(), period);
            if (draft.isEmpty()) {
                if (ledger != 0) {
                    sums.find(id, "has " + ledger + " units, and nothing is agreed on with it");
                }
                return;
            }
            long rated = draft.get().output().units();
            sums.rated += rated;
            sums.invoiced += rated;
            sums.invoices++;
            if (rated < rollups) {
                sums.find(id, "its draft counts " + rated + " units, the ledger's sums " + rollups);
            }
            return;
        }
        compare(id, stored.get(), rollups, sums);
    }

    private record Stored(
            InvoiceState state,
            Optional<RatingRun> run,
            List<String> hashes,
            long lineUnits,
            Optional<Charged> charged) {}

    private static void compare(String tenant, Stored stored, long rollups, Sums sums) {
        sums.invoices++;
        if (stored.run().isEmpty()) {
            sums.find(tenant, "its invoice has no rating");
            return;
        }
        RatingRun run = stored.run().get();
        itself(tenant, stored, run, sums);
        long own = run.output().units();
        long corrected = stored.charged().map(Charged::units).orElse(own) - own;
        sums.rated += own + corrected;
        sums.invoiced += stored.lineUnits() + corrected;
        if (stored.lineUnits() != own) {
            sums.find(tenant, "its rating counts " + own + " units, its lines " + stored.lineUnits());
        }
        long missing = rollups - own - corrected;
        if (missing < 0) {
            sums.find(tenant, "was charged for " + -missing + " units more than the ledger holds");
        }
        // not final: the last rating takes them; final: the next invoice does
        sums.toAdjust += Math.max(0, missing);
    }

    /** The stored input gives the stored bytes again. */
    private static void itself(String tenant, Stored stored, RatingRun run, Sums sums) {
        byte[] input = RunJson.bytes(run.input());
        byte[] output = RunJson.bytes(run.output());
        if (!List.of(RunJson.hash(input), RunJson.hash(output)).equals(stored.hashes())) {
            sums.find(tenant, "its stored rating is not what was written");
        }
        if (run.output().algorithm() <= Rating.ALGORITHM) {
            var again = Rating.rate(run.input(), run.output().algorithm()).lines();
            if (run.output().lines().size() < again.size()
                    || !run.output().lines().subList(0, again.size()).equals(again)) {
                sums.find(tenant, "its stored input does not give its stored lines again");
            }
        }
    }

    private static long units(List<BillableHour> hours) {
        return hours.stream().mapToLong(BillableHour::units).sum();
    }

    /**
     * What a tenant would have paid.
     *
     * @param tenant id
     * @param slug for people
     */
    public record WhatIf(String tenant, String slug, Money was, Money would, Money difference) {}

    /** @param findings tenants that could not be rated, each with the reason */
    public record WhatIfs(List<WhatIf> rows, List<Finding> findings) {}

    /**
     * Rates months of the past under other prices. The lists given take the place of all that there are of their plan and
     * currency.
     *
     * @param first the first month
     * @param last the last one
     */
    public WhatIfs whatIf(List<PriceList> lists, YearMonth first, YearMonth last) {
        List<Tenant> tenants = tenants();
        Map<TenantId, Money> was = new HashMap<>();
        Map<TenantId, Money> would = new HashMap<>();
        Map<TenantId, String> faults = new LinkedHashMap<>();
        for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            BillingPeriod period = BillingPeriod.of(month);
            Map<TenantId, Tenant> there = new LinkedHashMap<>();
            tenants.stream()
                    .filter(tenant -> tenant.createdAt().isBefore(period.to()))
                    .forEach(tenant -> there.put(tenant.id(), tenant));
            usage.walk(period.from(), period.to(), asked(there.keySet()), Sources.ROLLUPS, account -> {
                Tenant tenant = Objects.requireNonNull(there.get(account.tenant()));
                guarded(
                        () -> {
                            Optional<Agreement> agreed = agreements.of(tenant.id());
                            agreed.ifPresent(found -> found.faults().forEach(fault -> faults.put(tenant.id(), fault)));
                            rate(tenant, period, agreed, account.rolledUp())
                                    .ifPresent(amount -> add(was, tenant, amount));
                            rate(tenant, period, agreed.map(found -> found.under(lists)), account.rolledUp())
                                    .ifPresent(amount -> add(would, tenant, amount));
                        },
                        why -> faults.put(tenant.id(), why));
            });
        }
        List<WhatIf> answers = new ArrayList<>();
        for (Tenant tenant : tenants) {
            Money before = was.get(tenant.id());
            Money after = would.get(tenant.id());
            if (before != null && after != null) {
                answers.add(new WhatIf(tenant.id().value(), tenant.slug(), before, after, after.minus(before)));
            }
        }
        return new WhatIfs(
                List.copyOf(answers),
                faults.entrySet().stream()
                        .map(fault -> new Finding(fault.getKey().value(), fault.getValue()))
                        .toList());
    }

    private static void add(Map<TenantId, Money> sums, Tenant tenant, Money amount) {
        Money before = sums.get(tenant.id());
        if (before != null && !before.currency().equals(amount.currency())) {
            throw new IllegalStateException("It changed from " + before.currency() + " to " + amount.currency()
                    + " in these months: ask for months of one currency.");
        }
        sums.merge(tenant.id(), amount, Money::plus);
    }

    private static Optional<Money> rate(
            Tenant tenant, BillingPeriod period, Optional<Agreement> agreed, List<BillableHour> hours) {
        List<Term> terms = agreed.map(found -> found.terms(period)).orElse(List.of());
        return terms.isEmpty()
                ? Optional.empty()
                : Optional.of(Rating.rate(new RatingInput(tenant.id(), period, terms, Drafts.usage(hours)))
                        .total());
    }
}
