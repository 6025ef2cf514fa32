package dev.gatehouse.billing;

import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.kernel.money.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Invoice lines in words: the same on the page, in the PDF and in the API. */
public final class LineWords {
    private LineWords() {}

    public static String title(InvoiceLine line) {
        String plan = line.term().prices().plan();
        String trial = line.term().phase() == Term.Phase.TRIAL ? ", trial" : "";
        return switch (line.kind()) {
            case BASE_FEE -> "Fee, plan " + plan + trial;
            case USAGE -> "Calls, plan " + plan + trial;
            case OPERATION -> "Calls of " + operation(line) + ", plan " + plan + trial;
            case DISCOUNT -> "Discount, plan " + plan;
            case MINIMUM -> "Up to the minimum, plan " + plan;
            case ADJUSTMENT ->
                line.derivation() instanceof Derivation.Corrected corrected
                        ? "Adjustment of line " + corrected.line() + " of invoice " + corrected.number()
                        : "Adjustment";
            case CREDIT ->
                line.derivation() instanceof Derivation.Credited credited
                        ? "Credit carried over from invoice " + credited.number()
                        : "Credit";
            case CARRIED_OVER -> "Carried over to the next invoice";
            case ONE_OFF -> line.derivation() instanceof Derivation.Stated stated ? stated.text() : "One-off";
        };
    }

    /** The operation of a line that is about one; empty for others. */
    public static String operation(InvoiceLine line) {
        return line.derivation() instanceof Derivation.Counted counted
                ? Objects.requireNonNullElse(counted.operation(), "")
                : "";
    }

    /** The derivation, one sentence a step. */
    public static List<String> steps(InvoiceLine line) {
        return switch (line.derivation()) {
            case Derivation.Prorated prorated -> prorated(line, prorated);
            case Derivation.Counted counted -> counted(line, counted);
            case Derivation.Discounted discounted ->
                List.of(
                        "The lines of this time before this one add up to " + money(discounted.of()) + ".",
                        discounted.percent().stripTrailingZeros().toPlainString() + " % of it, rounded once: "
                                + money(line.amount()) + ".");
            case Derivation.ToppedUp topped ->
                List.of(
                        "The minimum of a whole month is " + money(topped.minimum()) + "; "
                                + seconds(topped.seconds(), topped.ofSeconds()),
                        "The lines of this time before this one add up to " + money(topped.reached()) + ".",
                        "What is missing, rounded once: " + money(line.amount()) + ".");
            case Derivation.Corrected corrected ->
                List.of(
                        number(corrected.calls()) + " calls with " + number(corrected.units())
                                + " units reached the ledger after invoice " + corrected.number() + " was final.",
                        "With them, its line " + corrected.line() + " comes to " + money(corrected.now()) + "; "
                                + money(corrected.charged()) + " was charged.",
                        "The difference: " + money(line.amount()) + ".");
            case Derivation.Credited credited ->
                List.of("Invoice " + credited.number() + " came to less than nothing, and carried it over: "
                        + money(line.amount()) + ".");
            case Derivation.CarriedOver carried ->
                List.of(
                        "The lines before this one add up to " + money(carried.of()) + ".",
                        "Nothing is due, and the next invoice has a credit of " + money(line.amount()) + ".");
            case Derivation.Stated stated -> List.of(stated.text() + ": " + money(line.amount()) + ".");
        };
    }

    private static List<String> prorated(InvoiceLine line, Derivation.Prorated prorated) {
        if (line.term().phase() == Term.Phase.TRIAL) {
            return List.of("Nothing is charged during the trial.");
        }
        String fee = "The fee of a whole month is " + money(prorated.fee()) + ".";
        return prorated.seconds() == prorated.ofSeconds()
                ? List.of(fee)
                : List.of(
                        fee,
                        seconds(prorated.seconds(), prorated.ofSeconds()),
                        "Fee × seconds ÷ seconds, rounded once: " + money(line.amount()) + ".");
    }

    private static List<String> counted(InvoiceLine line, Derivation.Counted counted) {
        List<String> steps = new ArrayList<>();
        steps.add(number(counted.calls()) + " billable calls count " + number(counted.units()) + " units.");
        if (line.term().phase() == Term.Phase.TRIAL) {
            steps.add("Nothing is charged during the trial.");
            return steps;
        }
        if (line.kind() != InvoiceLine.Kind.OPERATION) {
            steps.add(number(counted.includedUnits()) + " units were included when this time began; "
                    + number(counted.chargedUnits()) + " are past them.");
        }
        for (InvoiceLine.Step step : counted.steps()) {
            steps.add(number(step.units()) + " units at " + exact(step.per1000()) + " per 1,000: "
                    + exact(step.amount()) + ".");
        }
        steps.add("Rounded once: " + money(line.amount()) + ".");
        return steps;
    }

    private static String seconds(long seconds, long of) {
        return "The prices hold for " + number(seconds) + " of the month’s " + number(of) + " seconds.";
    }

    /** With thousands set apart and the currency's own decimals, as in {@code 1,234.50 USD}. */
    public static String money(Money money) {
        int decimals = money.currency().getDefaultFractionDigits();
        return String.format(Locale.ROOT, "%,." + decimals + "f %s", money.amount(), money.currency());
    }

    private static String exact(Money money) {
        int scale = Math.max(
                money.amount().stripTrailingZeros().scale(), money.currency().getDefaultFractionDigits());
        return money.amount().setScale(scale).toPlainString() + " " + money.currency();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
