package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceLine.Kind;
import dev.gatehouse.billing.InvoiceLine.Share;
import dev.gatehouse.billing.InvoiceLine.Step;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
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

/**
 * Prices a period. A pure function: the same input gives the same draft.
 *
 * <p>Each term gives two lines. Its fee is the period's × its seconds ÷ the period's. Its calls are those admitted under its
 * plan in hours that it touches; the included units are prorated by the second and rounded down, taken up in the order of
 * time, and what is past them has the price of its step. Every amount is exact until its line is done, and is rounded there,
 * once, half to even.
 */
public final class Rating {
    /** Grows with every change of what an input gives. */
    public static final int ALGORITHM = 1;

    private static final BigDecimal THOUSANDTH = new BigDecimal("0.001");
    private static final int DIVISION_SCALE = 20;
    private static final Comparator<UsageHour> BY_TIME = Comparator.comparing(UsageHour::hour)
            .thenComparing(UsageHour::operation)
            .thenComparing(UsageHour::plan);

    private Rating() {}

    public static DraftInvoice rate(RatingInput input) {
        List<List<UsageHour>> byTerm = new ArrayList<>();
        input.terms().forEach(term -> byTerm.add(new ArrayList<>()));
        input.usage().stream()
                .sorted(BY_TIME)
                .forEach(hour -> byTerm.get(termOf(hour, input.terms())).add(hour));
        List<InvoiceLine> lines = new ArrayList<>();
        Money total = Money.zero(input.terms().getFirst().prices().baseFee().currency());
        for (int i = 0; i < byTerm.size(); i++) {
            Term term = input.terms().get(i);
            lines.add(fee(lines.size() + 1, term, input.period().seconds()));
            lines.add(usage(lines.size() + 1, term, input.period().seconds(), byTerm.get(i)));
        }
        for (InvoiceLine line : lines) {
            total = total.plus(line.amount());
        }
        return new DraftInvoice(input.tenant(), input.period(), ALGORITHM, lines, total.rounded());
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
        Money amount = new Money(
                        fee.amount()
                                .multiply(BigDecimal.valueOf(term.seconds()))
                                .divide(BigDecimal.valueOf(periodSeconds), DIVISION_SCALE, RoundingMode.HALF_EVEN),
                        fee.currency())
                .rounded();
        return new InvoiceLine(
                number, Kind.BASE_FEE, term, amount, new Derivation.Prorated(fee, term.seconds(), periodSeconds));
    }

    private static InvoiceLine usage(int number, Term term, long periodSeconds, List<UsageHour> hours) {
        long included = prorated(term.prices().includedUnits(), term.seconds(), periodSeconds);
        long calls = 0;
        long units = 0;
        List<Share> shares = new ArrayList<>(hours.size());
        for (UsageHour hour : hours) {
            long covered = Math.min(hour.units(), Math.max(0, included - units));
            shares.add(new Share(hour, covered, hour.units() - covered));
            calls = Math.addExact(calls, hour.calls());
            units = Math.addExact(units, hour.units());
        }
        long charged = Math.max(0, units - included);
        List<Step> steps = steps(term, charged);
        Money amount = Money.zero(term.prices().baseFee().currency());
        for (Step step : steps) {
            amount = amount.plus(step.amount());
        }
        return new InvoiceLine(
                number,
                Kind.USAGE,
                term,
                amount.rounded(),
                new Derivation.Counted(calls, units, included, charged, steps, shares));
    }

    private static long prorated(long units, long seconds, long ofSeconds) {
        return BigInteger.valueOf(units)
                .multiply(BigInteger.valueOf(seconds))
                .divide(BigInteger.valueOf(ofSeconds))
                .longValueExact();
    }

    private static List<Step> steps(Term term, long charged) {
        if (charged == 0) {
            return List.of();
        }
        return switch (term.prices().overage()) {
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
