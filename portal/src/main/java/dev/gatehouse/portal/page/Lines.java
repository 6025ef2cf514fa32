package dev.gatehouse.portal.page;

import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceLine.Step;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.kernel.money.Money;
import java.util.ArrayList;
import java.util.List;

/** Invoice lines in words. */
public final class Lines {
    private Lines() {}

    public static String text(InvoiceLine line) {
        String plan = line.term().prices().plan();
        return switch (line.kind()) {
            case BASE_FEE -> "Fee, plan " + plan;
            case USAGE -> "Calls, plan " + plan;
            case OPERATION, DISCOUNT, MINIMUM, ADJUSTMENT, ONE_OFF -> LineWords.title(line);
        };
    }

    public static String units(InvoiceLine line) {
        return line.derivation() instanceof Derivation.Counted counted ? Show.number(counted.units()) : "";
    }

    /** The derivation, one sentence a step. */
    public static List<String> steps(InvoiceLine line) {
        return switch (line.derivation()) {
            case Derivation.Prorated(Money fee, long seconds, long ofSeconds) ->
                seconds == ofSeconds
                        ? List.of("The fee of a whole month is " + Show.money(fee) + ".")
                        : List.of(
                                "The fee of a whole month is " + Show.money(fee) + ".",
                                "The plan is in force for " + Show.number(seconds) + " of the month’s "
                                        + Show.number(ofSeconds) + " seconds.",
                                "Fee × seconds ÷ seconds, rounded once: " + Show.money(line.amount()) + ".");
            case Derivation.Counted counted -> counted(line, counted);
            case Derivation.Discounted unused -> LineWords.steps(line);
            case Derivation.ToppedUp unused -> LineWords.steps(line);
            case Derivation.Corrected unused -> LineWords.steps(line);
            case Derivation.Stated unused -> LineWords.steps(line);
        };
    }

    private static List<String> counted(InvoiceLine line, Derivation.Counted counted) {
        List<String> steps = new ArrayList<>();
        steps.add(Show.number(counted.calls()) + " billable calls count " + Show.number(counted.units()) + " units.");
        steps.add(Show.number(counted.includedUnits()) + " units are included in this time; "
                + Show.number(counted.chargedUnits()) + " are past them.");
        for (Step step : counted.steps()) {
            steps.add(Show.number(step.units()) + " units at " + Show.price(step.per1000()) + " per 1,000: "
                    + Show.price(step.amount()) + ".");
        }
        steps.add("Rounded once: " + Show.money(line.amount()) + ".");
        return steps;
    }
}
