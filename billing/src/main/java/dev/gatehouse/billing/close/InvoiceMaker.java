package dev.gatehouse.billing.close;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.Agreement;
import dev.gatehouse.billing.price.Agreements;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.rating.Drafts;
import dev.gatehouse.billing.rating.Estimate;
import dev.gatehouse.billing.rating.Rating;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.billing.rating.RunJson;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.CreditRows.Carried;
import dev.gatehouse.billing.store.ExtraRows.Extra;
import dev.gatehouse.billing.store.InvoiceRows.Charged;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.BillableHour;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.BillableUsage.Total;
import dev.gatehouse.metering.LedgerCut;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes an invoice's content: the rated lines, corrections of earlier invoices, and an operator's lines. */
public final class InvoiceMaker {
    /** How far back final invoices are compared with the ledger: longer than the ledger takes late usage. */
    static final Duration LOOK_BACK = Duration.ofDays(62);

    private final BillingStore store;
    private final Agreements agreements;
    private final BillableUsage usage;
    private final Grace grace;
    private final InstantSource clock;

    /**
     * How long late usage still lands on a period's invoice.
     *
     * @param usual after the period's end
     * @param last after the end of a period that no other of its currency follows, of whose late usage no later invoice could
     *     take care: as long as the ledger takes late usage
     */
    public record Grace(Duration usual, Duration last) {}

    public InvoiceMaker(
            BillingStore store, Agreements agreements, BillableUsage usage, Grace grace, InstantSource clock) {
        this.store = store;
        this.agreements = agreements;
        this.usage = usage;
        this.grace = grace;
        this.clock = clock;
    }

    /** Until when late usage still lands on a period's invoice. */
    public Instant graceUntil(BillingPeriod period) {
        return period.to().plus(grace.usual());
    }

    /**
     * Whether an invoice whose grace period is over may become final: what is late for it is then on the next one, and where
     * there is none in its currency, nothing can be late any more.
     */
    boolean mayEnd(TenantId tenant, BillingPeriod period, Currency currency) {
        if (!clock.instant().isBefore(period.to().plus(grace.last()))) {
            return true;
        }
        BillingPeriod next = BillingPeriod.holding(period.to());
        return agreements
                .of(tenant)
                .map(agreed -> agreed.terms(next))
                .filter(terms -> !terms.isEmpty())
                .map(terms -> terms.getFirst().prices().currency().equals(currency))
                .orElse(false);
    }

    /**
     * What an invoice takes from others: read before it is rated, and once more under the lock when it becomes final. Only
     * if nothing has changed in between may it be stored.
     *
     * @param finals final invoices, in the same currency, that the ledger may have outgrown
     * @param extras lines by an operator that no invoice has taken
     * @param credits what earlier invoices came to below zero, and no invoice has given back
     */
    record Basis(List<Charged> finals, List<Extra> extras, List<Carried> credits) {
        Basis {
            credits = List.copyOf(credits);
            finals = List.copyOf(finals);
            extras = List.copyOf(extras);
        }

        /** Whether all that another one was rated by is still there; a line that came since goes onto a later invoice. */
        boolean covers(Basis before) {
            return finals.equals(before.finals)
                    && extras.containsAll(before.extras)
                    && credits.containsAll(before.credits);
        }
    }

    /**
     * What is known of a tenant before its calls are looked at.
     *
     * @param algorithm the version of the rating: that of now, or that by which the invoice of a month that is over was drafted
     * @param finals those of the basis that have to be compared with the ledger
     */
    record Known(List<Term> terms, int algorithm, List<Charged> finals, Basis basis) {
        /** Where no final invoice is outgrown, there is nothing to correct. */
        Known withoutFinals() {
            return new Known(terms, algorithm, List.of(), basis);
        }

        Currency currency() {
            return terms.getFirst().prices().currency();
        }

        /** The first instant whose calls matter. */
        Instant from(BillingPeriod period) {
            return finals.isEmpty() ? period.from() : finals.getFirst().period().from();
        }
    }

    /** The invoice of a period by the ledger of now; empty when nothing was agreed on with the tenant in it. */
    public Optional<RatingRun> make(TenantId tenant, BillingPeriod period) {
        return known(tenant, period).map(known -> {
            BillableUsage.Counted counted = usage.hours(tenant, known.from(period), period.to());
            return make(tenant, period, known, counted.hours(), counted.cut());
        });
    }

    /**
     * What {@link #make} would come to for each period, hours put together where that changes no amount: there much sooner.
     */
    public List<DraftInvoice> sums(TenantId tenant, List<BillingPeriod> periods) {
        Optional<Agreement> agreed = agreements.of(tenant);
        return periods.stream()
                .flatMap(period ->
                        known(tenant, agreed, period)
                                .map(known -> sum(tenant, period, known).output())
                                .stream())
                .toList();
    }

    /**
     * The running month's invoice, as {@link #sums} has it.
     *
     * @param estimate its total at the month's end if calls go on at their mean pace; null in the first hour
     */
    public record Running(DraftInvoice draft, @Nullable Money estimate) {}

    /** Empty when nothing was agreed on with the tenant in this month. */
    public Optional<Running> running(TenantId tenant) {
        Instant now = clock.instant();
        BillingPeriod period = BillingPeriod.holding(now);
        return known(tenant, period)
                .map(known -> sum(tenant, period, known))
                .map(run -> new Running(
                        run.output(),
                        Estimate.atEnd(run.input(), now)
                                .map(calls -> atLeastNothing(calls.plus(unrated(run.output()))))
                                .orElse(null)));
    }

    private static Money atLeastNothing(Money sum) {
        return sum.amount().signum() < 0 ? Money.zero(sum.currency()).rounded() : sum;
    }

    /** What corrections, credits and an operator's lines add up to: it does not grow with calls. */
    private static Money unrated(DraftInvoice draft) {
        Money sum = Money.zero(draft.currency()).rounded();
        for (InvoiceLine line : draft.lines()) {
            if (line.kind() == InvoiceLine.Kind.ADJUSTMENT
                    || line.kind() == InvoiceLine.Kind.ONE_OFF
                    || line.kind() == InvoiceLine.Kind.CREDIT) {
                sum = sum.plus(line.amount());
            }
        }
        return sum;
    }

    private RatingRun sum(TenantId tenant, BillingPeriod period, Known known) {
        List<BillableHour> hours = usage.days(tenant, known.from(period), period.to(), Term.splitDays(known.terms()))
                .hours();
        for (Charged charged : known.finals()) {
            if (isOutgrown(charged, total(hours, charged.period()))) {
                return make(tenant, period).orElseThrow();
            }
        }
        return make(tenant, period, known.withoutFinals(), hours, LedgerCut.NOTHING);
    }

    /**
     * What an invoice that is stored is made from: a period's terms are those that held when it ended.
     *
     * @throws IllegalStateException when not all of the tenant's plans could be agreed on; the message says which
     */
    Optional<Known> closing(TenantId tenant, BillingPeriod period) {
        Optional<Agreement> agreement = agreements.of(tenant);
        agreement.map(Agreement::faults).filter(faults -> !faults.isEmpty()).ifPresent(faults -> {
            throw new IllegalStateException(String.join(" ", faults));
        });
        return known(tenant, agreement, period);
    }

    private Optional<Known> known(TenantId tenant, BillingPeriod period) {
        return known(tenant, agreements.of(tenant), period);
    }

    private Optional<Known> known(TenantId tenant, Optional<Agreement> agreement, BillingPeriod period) {
        Optional<Rule> frozen = store.asTenant(tenant, session -> frozen(session, tenant, period));
        List<Term> terms = frozen.map(Rule::terms)
                .or(() -> agreement.map(agreed -> agreed.terms(period)))
                .orElse(List.of());
        if (terms.isEmpty()) {
            return Optional.empty();
        }
        Currency currency = terms.getFirst().prices().currency();
        Basis basis = store.asTenant(tenant, session -> basis(session, tenant, period, currency));
        return Optional.of(
                new Known(terms, frozen.map(Rule::algorithm).orElse(Rating.ALGORITHM), basis.finals(), basis));
    }

    /** What a period that is over is rated by, and stays rated by. */
    private record Rule(List<Term> terms, int algorithm) {}

    private Optional<Rule> frozen(Session session, TenantId tenant, BillingPeriod period) {
        if (period.to().isAfter(clock.instant())) {
            return Optional.empty();
        }
        return session.agreements()
                .frozen(tenant, period.from())
                .map(kept -> new Rule(RunJson.terms(kept.terms()), kept.algorithm()))
                // an invoice from before they were kept has them in its rating
                .or(() -> session.invoices()
                        .find(InvoiceId.of(tenant, period))
                        .flatMap(row -> session.runs().find(row.run()))
                        .map(run -> new Rule(run.input().terms(), run.output().algorithm())));
    }

    /** What an invoice of the tenant takes from others by now. */
    static Basis basis(Session session, TenantId tenant, BillingPeriod period, Currency currency) {
        String code = currency.getCurrencyCode();
        return new Basis(
                session.invoices().finals(tenant, code, period.from().minus(LOOK_BACK), period.from()),
                session.extras().waiting(tenant, period.from(), code),
                session.credits().waiting(tenant, period.from(), code));
    }

    /** @param hours of the period and of the final invoices' periods */
    RatingRun make(TenantId tenant, BillingPeriod period, Known known, List<BillableHour> hours, LedgerCut cut) {
        RatingInput input = new RatingInput(tenant, period, known.terms(), within(hours, period));
        DraftInvoice rated = Rating.rate(input, known.algorithm());
        List<InvoiceLine> more = new ArrayList<>();
        for (Charged charged : known.finals()) {
            List<UsageHour> now = within(hours, charged.period());
            if (isOutgrown(charged, total(hours, charged.period()))) {
                more.addAll(Adjustments.of(earlier(tenant, charged), now));
            }
        }
        for (Extra extra : known.basis().extras()) {
            more.add(new InvoiceLine(
                    0,
                    InvoiceLine.Kind.ONE_OFF,
                    known.terms().getLast(),
                    extra.amount(),
                    new Derivation.Stated(extra.id(), extra.text(), extra.reason(), extra.by())));
        }
        for (Carried credit : known.basis().credits()) {
            more.add(new InvoiceLine(
                    0,
                    InvoiceLine.Kind.CREDIT,
                    known.terms().getLast(),
                    Money.zero(credit.amount().currency())
                            .minus(credit.amount())
                            .rounded(),
                    new Derivation.Credited(credit.invoice(), credit.number())));
        }
        DraftInvoice whole = rated.with(more);
        if (whole.total().amount().signum() < 0) {
            whole = whole.with(List.of(new InvoiceLine(
                    0,
                    InvoiceLine.Kind.CARRIED_OVER,
                    known.terms().getLast(),
                    Money.zero(whole.currency()).minus(whole.total()).rounded(),
                    new Derivation.CarriedOver(whole.total()))));
        }
        return new RatingRun(
                PrefixedId.next("run", clock), InvoiceId.of(tenant, period), clock.instant(), cut, input, whole);
    }

    /** Whether the ledger holds other calls of a period than were charged for: it only ever grows. */
    static boolean isOutgrown(Charged charged, Total now) {
        return now.calls() != charged.calls() || now.units() != charged.units();
    }

    private static Total total(List<BillableHour> hours, BillingPeriod period) {
        long calls = 0;
        long units = 0;
        for (BillableHour hour : hours) {
            if (period.holds(hour.hour())) {
                calls = Math.addExact(calls, hour.calls());
                units = Math.addExact(units, hour.units());
            }
        }
        return new Total(calls, units);
    }

    private Adjustments.Earlier earlier(TenantId tenant, Charged charged) {
        return store.asTenant(
                tenant,
                session -> new Adjustments.Earlier(
                        charged.number(),
                        session.runs().find(charged.run()).orElseThrow(),
                        session.invoices().correcting(charged.invoice()).stream()
                                .flatMap(run -> session.runs().find(run).stream())
                                .toList()));
    }

    static List<UsageHour> within(List<BillableHour> hours, BillingPeriod period) {
        return Drafts.usage(
                hours.stream().filter(hour -> period.holds(hour.hour())).toList());
    }
}
