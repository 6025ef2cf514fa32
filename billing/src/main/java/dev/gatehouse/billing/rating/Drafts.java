package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
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
        return Optional.of(new PlanPreview(
                plan,
                now,
                atEnd(stays, now),
                atEnd(changes, now),
                feesAfter(changes, now),
                feesAfter(stays, now),
                Rating.rate(changes)));
    }

    private static Money atEnd(RatingInput input, Instant now) {
        return Estimate.atEnd(input, now).orElseGet(() -> Rating.rate(input).total());
    }

    /** The fees of what is left of the period, by the second. */
    private static Money feesAfter(RatingInput input, Instant now) {
        List<Term> rest = new ArrayList<>();
        for (Term term : input.terms()) {
            if (term.to().isAfter(now)) {
                Instant from = term.from().isAfter(now) ? term.from() : now;
                rest.add(new Term(term.prices(), from, term.to(), term.phase()));
            }
        }
        Money sum = Money.zero(input.terms().getFirst().prices().currency()).rounded();
        if (rest.isEmpty()) {
            return sum;
        }
        for (var line : Rating.rate(new RatingInput(input.tenant(), input.period(), rest, List.of()))
                .lines()) {
            if (line.kind() == dev.gatehouse.billing.InvoiceLine.Kind.BASE_FEE) {
                sum = sum.plus(line.amount());
            }
        }
        return sum;
    }
}
