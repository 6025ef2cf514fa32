package dev.gatehouse.portal.sandbox;

import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.Budgets;
import dev.gatehouse.billing.CreditNote;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.InvoiceSummary;
import dev.gatehouse.billing.Invoices;
import dev.gatehouse.billing.MonthToDate;
import dev.gatehouse.billing.PlanPreview;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.price.Agreement;
import dev.gatehouse.billing.price.Agreements;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.rating.Drafts;
import dev.gatehouse.billing.rating.Estimate;
import dev.gatehouse.billing.rating.Rating;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.BillableHour;
import dev.gatehouse.metering.BillableUsage.Counted;
import dev.gatehouse.metering.LedgerCut;
import dev.gatehouse.metering.LedgerFilter;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bills of the organisations in memory, on their plans since ever; invoices are what a test puts here. */
public final class MemoryBilling implements Billing {
    public final Map<TenantId, List<Invoice>> stored = new HashMap<>();
    private final Map<TenantId, Budget> budgets = new HashMap<>();
    private final UsageReader usage;
    private final InstantSource clock;
    private final Agreements agreements;
    private final Drafts drafts;

    MemoryBilling(UsageReader usage, MemoryOrganisations organisations, InstantSource clock) {
        this.usage = usage;
        this.clock = clock;
        this.agreements = tenant -> organisations
                .find(tenant)
                .map(found -> Agreement.byCatalogue(
                        List.of(new Agreement.OnPlan(Instant.EPOCH, found.plan().slug())),
                        found.plan().monthlyFee().currency(),
                        organisations.plans().stream()
                                .map(plan -> PriceList.of(plan, 1))
                                .toList(),
                        List.of()));
        this.drafts = new Drafts(this::hours, agreements, clock);
    }

    private Counted hours(TenantId tenant, Instant from, Instant to) {
        UsageQuery query = new UsageQuery(
                tenant,
                from,
                to,
                UsageQuery.Bucket.HOUR,
                Set.of(UsageQuery.Dimension.OPERATION, UsageQuery.Dimension.PLAN));
        return new Counted(
                LedgerCut.NOTHING,
                usage.sums(query).stream()
                        .filter(sum -> sum.billableCalls() > 0)
                        .map(sum -> new BillableHour(
                                sum.from(),
                                Objects.requireNonNullElse(sum.plan(), ""),
                                Objects.requireNonNullElse(sum.operation(), ""),
                                sum.billableCalls(),
                                sum.billableUnits()))
                        .toList());
    }

    @Override
    public Optional<DraftInvoice> draft(TenantId tenant, BillingPeriod period) {
        return drafts.draft(tenant, period);
    }

    @Override
    public Optional<MonthToDate> monthToDate(TenantId tenant) {
        Instant now = clock.instant();
        BillingPeriod period = BillingPeriod.holding(now);
        return agreements
                .of(tenant)
                .map(agreed -> new RatingInput(
                        tenant,
                        period,
                        agreed.terms(period),
                        Drafts.usage(hours(tenant, period.from(), period.to()).hours())))
                .map(input -> new MonthToDate(
                        Rating.rate(input),
                        Estimate.atEnd(input, now).orElse(null),
                        usage.completeUntil().orElse(null),
                        Rating.rate(input).included(now)));
    }

    @Override
    public Optional<LedgerPage> calls(
            TenantId tenant, BillingPeriod period, int line, @Nullable String cursor, int limit) {
        return draft(tenant, period)
                .flatMap(draft -> draft.line(line))
                .map(found -> usage.rows(
                        new LedgerFilter(tenant, period.from(), period.to(), null, null, null, true), cursor, limit));
    }

    @Override
    public Optional<PlanPreview> previewPlan(TenantId tenant, String plan) {
        return drafts.preview(tenant, plan);
    }

    @Override
    public Invoices invoices() {
        return new MemoryInvoices();
    }

    @Override
    public Budgets budgets() {
        return new MemoryBudgets();
    }

    private final class MemoryInvoices implements Invoices {
        private List<Invoice> all(TenantId tenant) {
            List<Invoice> all = new ArrayList<>();
            BillingPeriod running = BillingPeriod.holding(clock.instant());
            draft(tenant, running)
                    .ifPresent(draft -> all.add(new Invoice(
                            InvoiceId.of(tenant, running),
                            InvoiceState.DRAFT,
                            null,
                            draft,
                            LedgerCut.NOTHING,
                            clock.instant(),
                            running.to(),
                            null,
                            null,
                            List.of())));
            all.addAll(stored.getOrDefault(tenant, List.of()));
            return all;
        }

        @Override
        public List<InvoiceSummary> list(TenantId tenant) {
            return all(tenant).stream()
                    .map(invoice -> new InvoiceSummary(
                            invoice.id(),
                            tenant,
                            invoice.content().period(),
                            invoice.state(),
                            invoice.number(),
                            invoice.content().total(),
                            Money.zero(invoice.content().currency()),
                            invoice.finalAt(),
                            invoice.waitsFor()))
                    .toList();
        }

        @Override
        public Optional<Invoice> find(TenantId tenant, InvoiceId invoice) {
            return all(tenant).stream()
                    .filter(found -> found.id().equals(invoice))
                    .findFirst();
        }

        @Override
        public Optional<LedgerPage> calls(
                TenantId tenant, InvoiceId invoice, int line, @Nullable String cursor, int limit) {
            return find(tenant, invoice)
                    .flatMap(found ->
                            MemoryBilling.this.calls(tenant, found.content().period(), line, cursor, limit));
        }

        @Override
        public List<CreditNote> creditNotes(TenantId tenant, InvoiceId invoice) {
            return List.of();
        }

        @Override
        public Optional<String> page(TenantId tenant, InvoiceId invoice) {
            return find(tenant, invoice).map(found -> "<p>" + found.id() + "</p>");
        }

        @Override
        public Optional<byte[]> pdf(TenantId tenant, InvoiceId invoice) {
            return page(tenant, invoice).map(page -> ("%PDF-1.4 " + page).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Optional<byte[]> evidence(TenantId tenant, InvoiceId invoice) {
            return find(tenant, invoice).map(found -> "{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private final class MemoryBudgets implements Budgets {
        @Override
        public Optional<Budget> find(TenantId tenant) {
            return Optional.ofNullable(budgets.get(tenant));
        }

        @Override
        public Budget set(TenantId tenant, Money amount, Budget.AtLimit atLimit, String by) {
            Budget budget = new Budget(amount, atLimit, List.of());
            budgets.put(tenant, budget);
            return budget;
        }

        @Override
        public void remove(TenantId tenant, String by) {
            budgets.remove(tenant);
        }
    }
}
