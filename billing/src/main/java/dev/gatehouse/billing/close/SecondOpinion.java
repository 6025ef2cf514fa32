package dev.gatehouse.billing.close;

import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.billing.verify.SecondCalculator;
import dev.gatehouse.billing.verify.SecondCalculator.Amounts;
import dev.gatehouse.billing.verify.SecondCalculator.Charge;
import dev.gatehouse.billing.verify.SecondCalculator.Hour;
import dev.gatehouse.billing.verify.SecondCalculator.Span;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the second calculator makes of an invoice, from single calls that were counted again.
 *
 * @param total of the rated lines, in the currency's decimals
 * @param units that the calls count
 * @param differences where it came to something else; empty when the two agree to the smallest unit
 */
record SecondOpinion(String total, long units, List<Difference> differences) {

    /**
     * @param line the line's number; 0 for the units of all lines
     * @param rating what the rating came to
     * @param second what the second calculator came to
     * @param difference second − rating
     */
    record Difference(int line, String rating, String second, String difference) {}

    SecondOpinion {
        differences = List.copyOf(differences);
    }

    boolean agrees() {
        return differences.isEmpty();
    }

    /** For people. */
    String sentence() {
        Difference first = differences.getFirst();
        return "The two calculators disagree on " + differences.size() + " of its figures. First "
                + (first.line() == 0 ? "the units" : "line " + first.line()) + ": the rating has " + first.rating()
                + ", the second calculator " + first.second() + ", a difference of " + first.difference() + ".";
    }

    /** The hours of an earlier invoice's period, counted again, and its terms. */
    record Earlier(RatingInput input, List<UsageHour> recounted, int algorithm) {}

    /** Knows the invoices that a rating corrects. */
    @FunctionalInterface
    interface EarlierInvoices {
        Optional<Earlier> of(Derivation.Corrected corrected);
    }

    /** @param recounted the period's hours and days, counted from single calls at the rating's cut */
    static SecondOpinion on(RatingRun run, List<UsageHour> recounted, EarlierInvoices earlier) {
        Amounts amounts = amounts(run.input(), recounted, run.output().algorithm());
        int decimals = run.output().currency().getDefaultFractionDigits();
        List<Difference> differences = new ArrayList<>();
        BigInteger sum = BigInteger.ZERO;
        for (InvoiceLine line : run.output().lines()) {
            BigInteger first = smallest(line.amount().amount(), decimals);
            BigInteger second = switch (line.kind()) {
                case BASE_FEE, USAGE, OPERATION, DISCOUNT, MINIMUM ->
                    line.number() <= amounts.lines().size() ? amounts.lines().get(line.number() - 1) : BigInteger.ZERO;
                case ADJUSTMENT -> adjustment(line, earlier, decimals);
                case ONE_OFF, CREDIT -> first;
                case CARRIED_OVER -> sum.negate().max(BigInteger.ZERO);
            };
            sum = sum.add(second);
            if (!first.equals(second)) {
                differences.add(new Difference(
                        line.number(),
                        text(first, decimals),
                        text(second, decimals),
                        text(second.subtract(first), decimals)));
            }
        }
        long units = run.output().units();
        if (units != amounts.units()) {
            differences.add(new Difference(
                    0, Long.toString(units), Long.toString(amounts.units()), Long.toString(amounts.units() - units)));
        }
        return new SecondOpinion(text(amounts.total(), decimals), amounts.units(), differences);
    }

    private static BigInteger adjustment(InvoiceLine line, EarlierInvoices earlier, int decimals) {
        Derivation.Corrected corrected = (Derivation.Corrected) line.derivation();
        BigInteger charged = smallest(corrected.charged().amount(), decimals);
        return earlier.of(corrected)
                .map(found -> amounts(found.input(), found.recounted(), found.algorithm())
                        .lines()
                        .get(corrected.line() - 1)
                        .subtract(charged))
                .orElse(BigInteger.ZERO);
    }

    private static Amounts amounts(RatingInput input, List<UsageHour> hours, int algorithm) {
        List<Span> spans = input.terms().stream()
                .map(term -> new Span(
                        term.prices(),
                        term.from().getEpochSecond(),
                        term.to().getEpochSecond(),
                        term.phase() == Term.Phase.TRIAL ? Charge.NOTHING : Charge.PRICES))
                .toList();
        return new SecondCalculator(
                        spans,
                        input.period().from().getEpochSecond(),
                        input.period().to().getEpochSecond(),
                        algorithm)
                .of(hours.stream()
                        .map(hour -> new Hour(hour.hour(), hour.plan(), hour.operation(), hour.calls(), hour.units()))
                        .toList());
    }

    private static BigInteger smallest(BigDecimal amount, int decimals) {
        return amount.movePointRight(decimals).toBigIntegerExact();
    }

    private static String text(BigInteger smallest, int decimals) {
        return new BigDecimal(smallest, decimals).toPlainString();
    }
}
