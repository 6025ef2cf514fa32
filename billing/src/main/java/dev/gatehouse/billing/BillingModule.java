package dev.gatehouse.billing;

import dev.gatehouse.billing.account.AccountApi;
import dev.gatehouse.billing.admin.AgreementOperations;
import dev.gatehouse.billing.admin.BillingAdmin;
import dev.gatehouse.billing.admin.InvoiceOperations;
import dev.gatehouse.billing.admin.PriceOperations;
import dev.gatehouse.billing.audit.BillingAudit;
import dev.gatehouse.billing.budget.BudgetWatch;
import dev.gatehouse.billing.budget.StoredBudgets;
import dev.gatehouse.billing.close.BillingJobs;
import dev.gatehouse.billing.close.CloseStep;
import dev.gatehouse.billing.close.InvoiceMaker;
import dev.gatehouse.billing.close.PeriodClose;
import dev.gatehouse.billing.close.StoredInvoices;
import dev.gatehouse.billing.price.AgreedSales;
import dev.gatehouse.billing.price.PriceBook;
import dev.gatehouse.billing.price.PriceFile;
import dev.gatehouse.billing.price.StoredAgreements;
import dev.gatehouse.billing.rating.Drafts;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.PlanSales;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.lease.Leases;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From the ledger to what it costs. {@link #open} makes what works in this JVM. */
public final class BillingModule implements Billing, AutoCloseable {

    /**
     * What billing works with.
     *
     * @param usage tells how complete the ledger is
     * @param billable what invoices are made from
     * @param notices hears of spend alerts
     */
    public record Parts(Directory directory, UsageReader usage, BillableUsage billable, BudgetWatch.Notices notices) {}

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BillingStore store;
    private final UsageReader usage;
    private final StoredAgreements agreements;
    private final AgreedSales sales;
    private final Drafts drafts;
    private final InvoiceMaker maker;
    private final StoredInvoices invoices;
    private final StoredBudgets budgets;
    private final BudgetWatch watch;
    private final PriceBook prices;
    private final PeriodClose close;
    private final BillingAudit audit;
    private final AdminPart administration;
    private final BillingSettings settings;
    private final InstantSource clock;
    private @Nullable BillingJobs jobs;

    private BillingModule(BillingStore store, BillingSettings settings, Parts parts, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        Leases leases = store.leases(Leases.USUAL);
        this.prices = new PriceBook(store, clock);
        this.agreements = new StoredAgreements(parts.directory(), store, clock);
        this.sales = new AgreedSales(agreements, clock);
        this.usage = parts.usage();
        this.drafts = new Drafts(Drafts.Hours.of(parts.billable()), agreements, clock);
        this.maker = new InvoiceMaker(
                store,
                agreements,
                parts.billable(),
                new InvoiceMaker.Grace(settings.grace(), longer(settings.grace(), settings.window())),
                clock);
        this.invoices = new StoredInvoices(store, maker, parts.billable(), parts.directory(), clock, settings.seller());
        this.watch = new BudgetWatch(
                store,
                leases,
                tenant -> maker.running(tenant).map(month -> month.draft().total()),
                parts.directory(),
                parts.notices(),
                clock);
        this.budgets = new StoredBudgets(store, agreements, watch::look, clock);
        this.close = new PeriodClose(
                store, leases, maker, parts.billable(), parts.directory(), clock, CloseStep.Observer.NONE);
        this.audit = new BillingAudit(store, parts.directory(), parts.billable(), agreements, maker);
        this.administration = BillingAdmin.part(
                new PriceOperations(store, prices, agreements, this, parts.directory(), clock),
                new AgreementOperations(store, agreements, maker, settings.window(), parts.directory(), clock),
                new InvoiceOperations(
                        new InvoiceOperations.Parts(store, invoices, agreements, close, audit, parts.directory()),
                        clock));
        this.settings = settings;
    }

    /**
     * Migrates the schema, opens it, and takes over what the prices file and the plans say.
     *
     * @throws dev.gatehouse.billing.price.PriceFault when the prices file cannot be used; the message is for people
     */
    public static BillingModule open(DatabaseUrl url, BillingSettings settings, Parts parts, InstantSource clock)
            throws SQLException {
        BillingStore store = BillingStore.open(url, settings.connections());
        try {
            BillingModule module = new BillingModule(store, settings, parts, clock);
            module.agreements.adopt();
            module.agreements.writeAll();
            module.prices.take(
                    settings.prices() == null ? List.of() : PriceFile.read(settings.prices()),
                    parts.directory().plans());
            return module;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** What billing has to say before a tenant comes onto a plan, or comes back, for the directory. */
    public PlanSales sales() {
        return sales;
    }

    /** The description of the tenant's API of its bill, to be declared as a route. */
    public static ApiDescription description() {
        return AccountApi.description();
    }

    /** Adds the tenant's API of its bill to a server that only the gateway reaches. */
    public void mount(Router router) {
        new AccountApi(this).mount(router);
    }

    /** What operators do with prices and bills, for the admin API. */
    public AdminPart administration() {
        return administration;
    }

    /** Starts closing periods and looking at budgets. Every process of the role may do so: one at a time works. */
    public void startJobs() {
        jobs = BillingJobs.start(store, close, watch, settings.every());
    }

    /** Closes what can be closed by now, as the schedule does. @throws IllegalStateException while another close goes on */
    public PeriodClose.Result closePeriods() {
        return close.run(PATIENCE)
                .orElseThrow(() -> new IllegalStateException("another close of periods is under way"));
    }

    @Override
    public Optional<DraftInvoice> draft(TenantId tenant, BillingPeriod period) {
        return drafts.draft(tenant, period);
    }

    @Override
    public Optional<MonthToDate> monthToDate(TenantId tenant) {
        return maker.running(tenant)
                .map(month -> new MonthToDate(
                        month.draft(),
                        month.estimate(),
                        usage.completeUntil().orElse(null),
                        month.draft().included(clock.instant())));
    }

    @Override
    public Optional<LedgerPage> calls(
            TenantId tenant, BillingPeriod period, int line, @Nullable String cursor, int limit) {
        return invoices.calls(tenant, InvoiceId.of(tenant, period), line, cursor, limit);
    }

    @Override
    public Optional<PlanPreview> previewPlan(TenantId tenant, String plan) {
        return drafts.preview(tenant, plan);
    }

    @Override
    public Invoices invoices() {
        return invoices;
    }

    @Override
    public Budgets budgets() {
        return budgets;
    }

    @Override
    public void close() {
        if (jobs != null) {
            jobs.close();
        }
        store.close();
    }
}
