package dev.gatehouse.billing.price;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's own prices for a time, whatever its plan; what is null is the plan's. Of two that hold at once the one that
 * was made last counts.
 *
 * @param id {@code pov_…}
 * @param from the first instant, at the beginning of an hour
 * @param until the first instant at which it no longer holds, at the beginning of an hour; null for no end
 * @param currency of all its amounts; it holds only while the tenant pays in it
 * @param operations prices by operation; they come on top of the plan's
 */
public record PriceOverride(
        String id,
        TenantId tenant,
        Instant from,
        @Nullable Instant until,
        Currency currency,
        @Nullable Money baseFee,
        @Nullable Long includedUnits,
        @Nullable UnitPrice overage,
        Map<String, UnitPrice> operations,
        @Nullable Money minimum,
        @Nullable BigDecimal discountPercent) {

    public PriceOverride {
        operations = Collections.unmodifiableMap(new TreeMap<>(operations));
        requireHour("from", from);
        if (until != null) {
            requireHour("until", until);
            if (!from.isBefore(until)) {
                throw new IllegalArgumentException("until is " + until + ": must be after from, " + from);
            }
        }
        if (baseFee == null
                && includedUnits == null
                && overage == null
                && operations.isEmpty()
                && minimum == null
                && discountPercent == null) {
            throw new IllegalArgumentException(
                    "override states no price: give baseFee, includedUnits, units, operations, minimum or discountPercent");
        }
    }

    private static void requireHour(String field, Instant at) {
        if (at.getNano() != 0 || at.getEpochSecond() % 3_600 != 0) {
            throw new IllegalArgumentException(field + " is " + at + ": must be the beginning of an hour");
        }
    }

    public boolean isInForce(Instant at) {
        return !at.isBefore(from) && (until == null || at.isBefore(until));
    }

    /** The override with another end. */
    public PriceOverride endingAt(Instant end) {
        return new PriceOverride(
                id, tenant, from, end, currency, baseFee, includedUnits, overage, operations, minimum, discountPercent);
    }

    /** The plan's prices with these in their place. @throws IllegalArgumentException when they cannot hold together */
    public PriceList over(PriceList list) {
        Map<String, UnitPrice> both = new TreeMap<>(list.operations());
        both.putAll(operations);
        return new PriceList(
                list.plan(),
                list.version(),
                list.startsAt(),
                baseFee == null ? list.baseFee() : baseFee,
                includedUnits == null ? list.includedUnits() : includedUnits,
                overage == null ? list.overage() : overage,
                both,
                minimum == null ? list.minimum() : minimum,
                discountPercent == null ? list.discountPercent() : discountPercent,
                list.trialDays(),
                id);
    }
}
