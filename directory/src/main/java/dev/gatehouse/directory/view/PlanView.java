package dev.gatehouse.directory.view;

import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.plan.Plan;
import java.util.List;

/** Amounts as text, so that no reader takes them for binary fractions. */
public record PlanView(
        String slug,
        String name,
        Limits limits,
        int weight,
        int maxConcurrent,
        int maxQueued,
        List<String> fields,
        String monthlyFee,
        long includedUnits,
        String overagePer1000,
        String currency) {

    public static PlanView of(Plan plan) {
        return new PlanView(
                plan.slug(),
                plan.name(),
                plan.limits(),
                plan.weight(),
                plan.maxConcurrent(),
                plan.maxQueued(),
                plan.fields().stream().sorted().toList(),
                plan.monthlyFee().amount().toPlainString(),
                plan.includedUnits(),
                plan.overagePer1000().amount().toPlainString(),
                plan.monthlyFee().currency().getCurrencyCode());
    }
}
