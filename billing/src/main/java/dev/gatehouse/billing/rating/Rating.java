package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceLine.Kind;
import dev.gatehouse.billing.InvoiceLine.Share;
import dev.gatehouse.billing.InvoiceLine.Step;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.Tier;
import dev.gatehouse.billing.price.UnitPrice;
import dev.gatehouse.kernel.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prices a period. A pure function: the same input gives the same draft.
 *
 * <p>Each term gives its lines in this order. Its fee is the period's × its seconds ÷ the period's. Its calls are those
 * admitted under its plan in hours that it touches; the included units are taken up in the order of time, and what is past
 * them has the price of its step. Which units are included follows from {@link Included}: what was used within them stays
 * within them, whatever plan comes after. Operations with a price of their own have a
 * line each, called or not, from their first unit on. A discount is taken off the sum of these, and what is then missing to the prorated
 * minimum is added. Every amount is exact until its line is done, and is rounded there, once, half to even.
 */
public final class Rating {
    /** Grows with every change of what an input gives. */
    public static final int ALGORITHM = 3;

    /** Until this one the included units of each term were prorated by its seconds, whatever was used of them before. */
    private static final int CUT_BY_TERM = 2;

    private static final BigDecimal THOUSANDTH = new BigDecimal("0.001");
    private static final BigDecimal HUNDREDTH = new BigDecimal("0.01");
    private static final int DIVISION_SCALE = 20;
    private static final Comparator<UsageHour> BY_TIME = Comparator.comparing(UsageHour::hour)
            .thenComparing(UsageHour::operation)
            .thenComparing(UsageHour::plan);

    private Rating() {}

    public static DraftInvoice rate(RatingInput input) {
        return rate(input, ALGORITHM);
    }

    /**
     * As an earlier version had it: what is final, or over, is not rated otherwise afterwards.
     *
     * @param algorithm of the invoice
     */
    public static DraftInvoice rate(RatingInput input, int algorithm) {
        List<List<UsageHour>> byTerm = new ArrayList<>();
        input.terms().forEach(term -> byTerm.add(new ArrayList<>()));
        input.usage().stream()
                .sorted(BY_TIME)
                .forEach(hour -> byTerm.get(termOf(hour, input.terms())).add(hour));
        List<InvoiceLine> lines = new ArrayList<>();
        Included included = new Included(input.period());
        for (int i = 0; i < byTerm.size(); i++) {
            Term term = input.terms().get(i);
            long seconds = input.period().seconds();
            long free = algorithm <= CUT_BY_TERM
                    ? prorated(term.prices().includedUnits(), term.seconds(), seconds)
                    : included.at(term);
            included.end(term, term(lines, term, seconds, free, byTerm.get(i)));
        }
        return DraftInvoice.of(input.tenant(), input.period(), algorithm, lines);
    }

    /** @return how many of the included units the term's calls used */
    private static long term(
            List<InvoiceLine> lines, Term term, long periodSeconds, long included, List<UsageHour> hours) {
        PriceList prices = term.prices();
        int first = lines.size();
        lines.add(fee(lines.size() + 1, term, periodSeconds));
        Map<String, List<UsageHour>> own = new TreeMap<>();
        prices.operations().keySet().forEach(operation -> own.put(operation, new ArrayList<>()));
        List<UsageHour> shared = new ArrayList<>(hours.size());
        for (UsageHour hour : hours) {
            Objects.requireNonNullElse(own.get(hour.operation()), shared).add(hour);
        }
        lines.add(calls(lines.size() + 1, Kind.USAGE, term, prices.overage(), included, shared, null));
        long covered = lines.getLast().derivation() instanceof Derivation.Counted counted
                ? counted.units() - counted.chargedUnits()
                : 0;
        own.forEach((operation, calls) -> lines.add(calls(
                lines.size() + 1,
                Kind.OPERATION,
                term,
                Objects.requireNonNull(prices.operations().get(operation)),
                0,
                calls,
                operation)));
        if (term.phase() == Term.Phase.PAID) {
            discount(lines, first, term);
            minimum(lines, first, term, periodSeconds);
        }
        return covered;
    }

    private static void discount(List<InvoiceLine> lines, int first, Term term) {
        BigDecimal percent = term.prices().discountPercent();
        if (percent.signum() == 0) {
            return;
        }
        Money sum = sum(lines, first, term);
        Money off = sum.times(percent)
                .times(HUNDREDTH)
                .times(BigDecimal.ONE.negate())
                .rounded();
        lines.add(new InvoiceLine(lines.size() + 1, Kind.DISCOUNT, term, off, new Derivation.Discounted(sum, percent)));
    }

    private static void minimum(List<InvoiceLine> lines, int first, Term term, long periodSeconds) {
        Money minimum = term.prices().minimum();
        if (minimum == null) {
            return;
        }
        Money reached = sum(lines, first, term);
        Money missing =
                share(minimum, term.seconds(), periodSeconds).minus(reached).rounded();
        Money added = missing.amount().signum() > 0
                ? missing
                : Money.zero(missing.currency()).rounded();
        lines.add(new InvoiceLine(
                lines.size() + 1,
                Kind.MINIMUM,
                term,
                added,
                new Derivation.ToppedUp(minimum, term.seconds(), periodSeconds, reached)));
    }

    private static Money sum(List<InvoiceLine> lines, int first, Term term) {
        Money sum = Money.zero(term.prices().currency()).rounded();
        for (InvoiceLine line : lines.subList(first, lines.size())) {
            sum = sum.plus(line.amount());
        }
        return sum;
    }

    private static Money share(Money of, long seconds, long ofSeconds) {
        return new Money(
                of.amount()
                        .multiply(BigDecimal.valueOf(seconds))
                        .divide(BigDecimal.valueOf(ofSeconds), DIVISION_SCALE, RoundingMode.HALF_EVEN),
                of.currency());
    }

    /**
     * The term under which an hour is priced: the last one of its plan that touches it. A gateway may follow a change of plan
     * a second late; calls that no term of their plan touches go to the last term that began before the hour was over, else
     * to the first.
     */
    private static int termOf(UsageHour hour, List<Term> terms) {
        int begun = 0;
        int own = -1;
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            if (term.from().isBefore(hour.hour().plusSeconds(3_600))) {
                begun = i;
            }
            if (term.touches(hour.hour()) && term.prices().plan().equals(hour.plan())) {
                own = i;
            }
        }
        return own >= 0 ? own : begun;
    }

    private static InvoiceLine fee(int number, Term term, long periodSeconds) {
        Money fee = term.prices().baseFee();
        Money amount = term.phase() == Term.Phase.TRIAL
                ? Money.zero(fee.currency())
                : share(fee, term.seconds(), periodSeconds);
        return new InvoiceLine(
                number,
                Kind.BASE_FEE,
                term,
                amount.rounded(),
                new Derivation.Prorated(fee, term.seconds(), periodSeconds));
    }

    private static InvoiceLine calls(
            int number,
            Kind kind,
            Term term,
            UnitPrice price,
            long included,
            List<UsageHour> hours,
            @Nullable String operation) {
        long free = term.phase() == Term.Phase.TRIAL ? Long.MAX_VALUE : included;
        long calls = 0;
        long units = 0;
        List<Share> shares = new ArrayList<>(hours.size());
        for (UsageHour hour : hours) {
            long covered = Math.min(hour.units(), Math.max(0, free - units));
            shares.add(new Share(hour, covered, hour.units() - covered));
            calls = Math.addExact(calls, hour.calls());
            units = Math.addExact(units, hour.units());
        }
        long charged = Math.max(0, units - free);
        List<Step> steps = steps(term, price, charged);
        Money amount = Money.zero(term.prices().currency());
        for (Step step : steps) {
            amount = amount.plus(step.amount());
        }
        return new InvoiceLine(
                number,
                kind,
                term,
                amount.rounded(),
                new Derivation.Counted(calls, units, included, charged, steps, shares, operation));
    }

    private static long prorated(long units, long seconds, long ofSeconds) {
        return BigInteger.valueOf(units)
                .multiply(BigInteger.valueOf(seconds))
                .divide(BigInteger.valueOf(ofSeconds))
                .longValueExact();
    }

    private static List<Step> steps(Term term, UnitPrice price, long charged) {
        if (charged == 0) {
            return List.of();
        }
        return switch (price) {
            case UnitPrice.Flat(BigDecimal per1000) -> List.of(step(term, charged, per1000));
            case UnitPrice.Volume(List<Tier> tiers) -> List.of(step(term, charged, volumePrice(tiers, charged)));
            case UnitPrice.Graduated(List<Tier> tiers) -> graduated(term, tiers, charged);
        };
    }

    private static BigDecimal volumePrice(List<Tier> tiers, long charged) {
        for (Tier tier : tiers) {
            Long upTo = tier.upTo();
            if (upTo == null || charged <= upTo) {
                return tier.per1000();
            }
        }
        throw new IllegalStateException("the last tier has no end");
    }

    private static List<Step> graduated(Term term, List<Tier> tiers, long charged) {
        List<Step> steps = new ArrayList<>();
        long priced = 0;
        for (Tier tier : tiers) {
            Long upTo = tier.upTo();
            long end = upTo == null ? charged : Math.min(charged, upTo);
            if (end > priced) {
                steps.add(step(term, end - priced, tier.per1000()));
                priced = end;
            }
        }
        return steps;
    }

    private static Step step(Term term, long units, BigDecimal per1000) {
        Money price = new Money(per1000, term.prices().baseFee().currency());
        return new Step(units, price, price.times(BigDecimal.valueOf(units)).times(THOUSANDTH));
    }
}
