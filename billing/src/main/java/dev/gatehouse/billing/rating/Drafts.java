package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.PlanPreview;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.Agreement;
import dev.gatehouse.billing.price.Agreements;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.BillableHour;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.BillableUsage.Counted;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Rates a period by the ledger of now. */
public final class Drafts {
    /** Counts a tenant's billable hours. */
    @FunctionalInterface
    public interface Hours {
        Counted of(TenantId tenant, Instant from, Instant to);

        /**
         * As {@link #of}; of days that are not named there may be one figure for the whole day.
         *
         * @param byHour days, by their beginning in UTC
         */
        default Counted days(TenantId tenant, Instant from, Instant to, Set<Instant> byHour) {
            return of(tenant, from, to);
        }

        static Hours of(BillableUsage usage) {
            return new Hours() {
                @Override
                public Counted of(TenantId tenant, Instant from, Instant to) {
                    return usage.hours(tenant, from, to);
                }

                @Override
                public Counted days(TenantId tenant, Instant from, Instant to, Set<Instant> byHour) {
                    return usage.days(tenant, from, to, byHour);
                }
            };
        }
    }

    private final Hours hours;
    private final Agreements agreements;
    private final InstantSource clock;

    public Drafts(Hours hours, Agreements agreements, InstantSource clock) {
        this.hours = hours;
        this.agreements = agreements;
        this.clock = clock;
    }

    /** Empty when nothing was agreed on with the tenant in the period. */
    public Optional<DraftInvoice> draft(TenantId tenant, BillingPeriod period) {
        return terms(tenant, period)
                .map(terms -> Rating.rate(new RatingInput(
                        tenant,
                        period,
                        terms,
                        usage(hours.of(tenant, period.from(), period.to()).hours()))));
    }

    private Optional<List<Term>> terms(TenantId tenant, BillingPeriod period) {
        return agreements.of(tenant).map(agreed -> agreed.terms(period)).filter(terms -> !terms.isEmpty());
    }

    /** The ledger's hours as the rating takes them. */
    public static List<UsageHour> usage(List<BillableHour> hours) {
        return hours.stream()
                .map(hour -> new UsageHour(hour.hour(), hour.plan(), hour.operation(), hour.calls(), hour.units()))
                .toList();
    }

    /** Empty when the plan has no price in the tenant's currency, or the tenant has not begun. */
    public Optional<PlanPreview> preview(TenantId tenant, String plan) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        BillingPeriod period = BillingPeriod.holding(now);
        Optional<Agreement> agreed = agreements.of(tenant);
        Optional<PriceList> prices = agreed.filter(
                        found -> found.since().filter(now::isAfter).isPresent())
                .flatMap(found -> found.offer(plan, now));
        if (agreed.isEmpty() || prices.isEmpty()) {
            return Optional.empty();
        }
        Agreement changing = agreed.get().with(now, prices.get());
        List<Term> staying = agreed.get().terms(period);
        List<Term> changed = changing.terms(period);
        if (staying.isEmpty() || changed.isEmpty()) {
            return Optional.empty();
        }
        Set<Instant> split = new HashSet<>(Term.splitDays(staying));
        split.addAll(Term.splitDays(changed));
        List<UsageHour> usage =
                usage(hours.days(tenant, period.from(), period.to(), split).hours());
        RatingInput stays = new RatingInput(tenant, period, staying, usage);
        RatingInput changes = new RatingInput(tenant, period, changed, usage);
        DraftInvoice stay = atEnd(stays, now);
        DraftInvoice change = atEnd(changes, now);
        Money before = fees(change, line -> line.term().from().isBefore(now));
        Money after = fees(change, line -> !line.term().from().isBefore(now));
        return Optional.of(new PlanPreview(
                plan,
                now,
                stay.total(),
                change.total(),
                after,
                fees(stay, line -> true).minus(before),
                parts(stay, change),
                Rating.rate(changes)));
    }

    private static DraftInvoice atEnd(RatingInput input, Instant now) {
        return Estimate.draftAtEnd(input, now).orElseGet(() -> Rating.rate(input));
    }

    private static Money fees(DraftInvoice draft, Predicate<InvoiceLine> which) {
        return sum(draft, line -> line.kind() == InvoiceLine.Kind.BASE_FEE && which.test(line));
    }

    private static Money sum(DraftInvoice draft, Predicate<InvoiceLine> which) {
        Money sum = Money.zero(draft.currency()).rounded();
        for (InvoiceLine line : draft.lines()) {
            if (which.test(line)) {
                sum = sum.plus(line.amount());
            }
        }
        return sum;
    }

    private static List<PlanPreview.Part> parts(DraftInvoice stay, DraftInvoice change) {
        List<PlanPreview.Part> parts = new ArrayList<>();
        part(parts, "Fees", stay, change, Set.of(InvoiceLine.Kind.BASE_FEE));
        part(parts, "Calls", stay, change, Set.of(InvoiceLine.Kind.USAGE, InvoiceLine.Kind.OPERATION));
        part(parts, "Discounts", stay, change, Set.of(InvoiceLine.Kind.DISCOUNT));
        part(parts, "Up to the minimum", stay, change, Set.of(InvoiceLine.Kind.MINIMUM));
        return parts;
    }

    private static void part(
            List<PlanPreview.Part> parts,
            String what,
            DraftInvoice stay,
            DraftInvoice change,
            Set<InvoiceLine.Kind> kinds) {
        Money staying = sum(stay, line -> kinds.contains(line.kind()));
        Money changing = sum(change, line -> kinds.contains(line.kind()));
        if (staying.amount().signum() != 0 || changing.amount().signum() != 0) {
            parts.add(new PlanPreview.Part(what, staying, changing));
        }
    }
}
