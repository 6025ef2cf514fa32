package dev.gatehouse.kernel.plan;

import dev.gatehouse.kernel.money.Money;
import java.util.Set;

/**
 * What a tenant buys.
 *
 * @param slug stable name, as in {@code growth}
 * @param limits quota and burst bucket
 * @param weight share of a saturated upstream, relative to other tenants
 * @param maxConcurrent calls in flight at once
 * @param maxQueued calls that may wait for their turn
 * @param fields field groups included in answers; {@code *} means all
 * @param monthlyFee fixed price of a month
 * @param includedUnits units a month that the fee covers
 * @param overagePer1000 price of 1,000 units past the included ones
 */
public record Plan(
        String slug,
        String name,
        Limits limits,
        int weight,
        int maxConcurrent,
        int maxQueued,
        Set<String> fields,
        Money monthlyFee,
        long includedUnits,
        Money overagePer1000) {

    public Plan {
        fields = Set.copyOf(fields);
    }
}
