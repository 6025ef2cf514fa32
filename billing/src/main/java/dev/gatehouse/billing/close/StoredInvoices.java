package dev.gatehouse.billing.close;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.CreditNote;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.InvoiceSummary;
import dev.gatehouse.billing.Invoices;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.paper.InvoicePage;
import dev.gatehouse.billing.paper.InvoicePdf;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.InvoiceRows.Row;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.BillableUsage.Behind;
import dev.gatehouse.metering.LedgerCut;
import dev.gatehouse.metering.LedgerPage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Invoices as they are stored, and the running month's as it would be. */
public final class StoredInvoices implements Invoices {
    private final BillingStore store;
    private final InvoiceMaker maker;
    private final BillableUsage usage;
    private final Directory directory;
    private final InstantSource clock;
    private final String seller;

    public StoredInvoices(
            BillingStore store,
            InvoiceMaker maker,
            BillableUsage usage,
            Directory directory,
            InstantSource clock,
            String seller) {
        this.store = store;
        this.maker = maker;
        this.usage = usage;
        this.directory = directory;
        this.clock = clock;
        this.seller = seller;
    }

    @Override
    public List<InvoiceSummary> list(TenantId tenant) {
        List<InvoiceSummary> all = new ArrayList<>();
        List<Row> stored = store.asTenant(tenant, session -> session.invoices().of(tenant));
        BillingPeriod running = BillingPeriod.holding(clock.instant());
        BillingPeriod before = BillingPeriod.holding(running.from().minusSeconds(1));
        List<BillingPeriod> drafts = Stream.of(running, before)
                .filter(period ->
                        stored.stream().noneMatch(row -> row.summary().id().equals(InvoiceId.of(tenant, period))))
                .toList();
        maker.sums(tenant, drafts).forEach(draft -> all.add(summary(draft)));
        stored.forEach(row -> all.add(row.summary()));
        return all;
    }

    private static InvoiceSummary summary(DraftInvoice draft) {
        return new InvoiceSummary(
                InvoiceId.of(draft.tenant(), draft.period()),
                draft.tenant(),
                draft.period(),
                InvoiceState.DRAFT,
                null,
                draft.total(),
                Money.zero(draft.currency()).rounded(),
                null,
                null);
    }

    @Override
    public Optional<Invoice> find(TenantId tenant, InvoiceId invoice) {
        Optional<Invoice> stored = store.asTenant(
                tenant,
                session -> session.invoices()
                        .find(invoice)
                        .flatMap(row -> session.runs()
                                .find(row.run())
                                .map(run -> new Invoice(
                                        invoice,
                                        row.summary().state(),
                                        row.summary().number(),
                                        run.output(),
                                        run.cut(),
                                        run.at(),
                                        row.graceUntil(),
                                        row.summary().finalAt(),
                                        row.summary().waitsFor(),
                                        session.invoices().history(invoice)))));
        return stored.isPresent() ? stored : running(tenant, invoice);
    }

    /** The running month, or the one before as long as the job has not come by. */
    private Optional<Invoice> running(TenantId tenant, InvoiceId invoice) {
        BillingPeriod running = BillingPeriod.holding(clock.instant());
        BillingPeriod before = BillingPeriod.holding(running.from().minusSeconds(1));
        for (BillingPeriod period : List.of(running, before)) {
            if (InvoiceId.of(tenant, period).equals(invoice)) {
                return maker.make(tenant, period)
                        .map(run -> new Invoice(
                                invoice,
                                InvoiceState.DRAFT,
                                null,
                                run.output(),
                                run.cut(),
                                run.at(),
                                maker.graceUntil(period),
                                null,
                                null,
                                List.of()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<LedgerPage> calls(
            TenantId tenant, InvoiceId invoice, int line, @Nullable String cursor, int limit) {
        return find(tenant, invoice)
                .flatMap(found -> found.content().line(line).flatMap(of -> calls(found, of, cursor, limit)));
    }

    private Optional<LedgerPage> calls(Invoice invoice, InvoiceLine line, @Nullable String cursor, int limit) {
        TenantId tenant = invoice.content().tenant();
        return switch (line.derivation()) {
            case Derivation.Counted counted ->
                Optional.of(behind(
                        tenant,
                        counted.hours().stream().map(InvoiceLine.Share::hour).toList(),
                        LedgerCut.NOTHING,
                        invoice.cut(),
                        cursor,
                        limit));
            case Derivation.Corrected corrected ->
                Optional.of(behind(tenant, corrected.hours(), corrected.after(), invoice.cut(), cursor, limit));
            case Derivation.Prorated unused -> Optional.empty();
            case Derivation.Discounted unused -> Optional.empty();
            case Derivation.ToppedUp unused -> Optional.empty();
            case Derivation.Stated unused -> Optional.empty();
            case Derivation.Credited unused -> Optional.empty();
            case Derivation.CarriedOver unused -> Optional.empty();
        };
    }

    private LedgerPage behind(
            TenantId tenant,
            List<UsageHour> hours,
            LedgerCut after,
            LedgerCut until,
            @Nullable String cursor,
            int limit) {
        LineCalls calls = new LineCalls(hours);
        return calls.page(
                (from, to, next, most) ->
                        usage.calls(new Behind(tenant, from, to, calls.operation(), null, after, until), next, most),
                cursor,
                limit);
    }

    @Override
    public List<CreditNote> creditNotes(TenantId tenant, InvoiceId invoice) {
        return store.asTenant(tenant, session -> session.extras().credits(invoice));
    }

    @Override
    public Optional<String> page(TenantId tenant, InvoiceId invoice) {
        String payer = directory.tenant(tenant).map(Tenant::name).orElse(tenant.value());
        return find(tenant, invoice).map(found -> InvoicePage.of(found, seller, payer, creditNotes(tenant, invoice)));
    }

    @Override
    public Optional<byte[]> pdf(TenantId tenant, InvoiceId invoice) {
        return page(tenant, invoice).map(InvoicePdf::of);
    }

    @Override
    public Optional<byte[]> evidence(TenantId tenant, InvoiceId invoice) {
        Optional<Invoice> stored = find(tenant, invoice);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        Optional<RatingRun> run = store.asTenant(
                tenant,
                session -> session.invoices()
                        .find(invoice)
                        .flatMap(row -> session.runs().find(row.run())));
        if (run.isEmpty()) {
            run = maker.make(tenant, stored.get().content().period());
        }
        return run.map(rated -> {
            Invoice whole = stored.get().withContent(rated.output(), rated.cut(), rated.at());
            BillingPeriod period = rated.input().period();
            return EvidenceWriter.bytes(
                    whole,
                    rated,
                    usage.batches(tenant, period.from(), period.to(), rated.cut()),
                    corrected(tenant, rated));
        });
    }

    /** The invoices that a rating corrects, with their hours as it saw them. */
    private List<EvidenceWriter.Corrected> corrected(TenantId tenant, RatingRun rated) {
        Map<InvoiceId, String> numbers = new LinkedHashMap<>();
        for (InvoiceLine line : rated.output().lines()) {
            if (line.derivation() instanceof Derivation.Corrected found) {
                numbers.put(found.invoice(), found.number());
            }
        }
        List<EvidenceWriter.Corrected> all = new ArrayList<>();
        numbers.forEach((id, number) -> store.asTenant(
                        tenant,
                        session -> session.invoices()
                                .find(id)
                                .flatMap(row -> session.runs()
                                        .find(row.run())
                                        .map(run -> new Adjustments.Earlier(
                                                number,
                                                run,
                                                Stream.concat(
                                                                session.invoices().correcting(id).stream()
                                                                        .flatMap(other ->
                                                                                session.runs().find(other).stream())
                                                                        .filter(other -> other.input()
                                                                                .period()
                                                                                .from()
                                                                                .isBefore(rated.input()
                                                                                        .period()
                                                                                        .from())),
                                                                Stream.of(rated))
                                                        .toList()))))
                .ifPresent(earlier -> all.add(new EvidenceWriter.Corrected(earlier.run(), number, earlier.hours()))));
        return all;
    }
}
