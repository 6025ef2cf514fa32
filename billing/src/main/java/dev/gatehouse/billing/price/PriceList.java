package dev.gatehouse.billing.price;

import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.plan.Plan;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version of a plan's prices in one currency. It never changes: other prices are another version.
 *
 * @param plan the plan's slug
 * @param version counts from 1 within a plan and currency
 * @param startsAt from when on it holds, at the beginning of an hour
 * @param baseFee price of a whole period, in the currency's own decimals
 * @param includedUnits units of a whole period that the fee covers
 * @param overage price of the units past them, in the fee's currency
 * @param operations operations with a price of their own: their units use up none of the included ones
 * @param minimum what a whole period costs at least; null for no minimum
 * @param discountPercent taken off fee and calls, 0 to 100, with at most 2 decimals
 * @param trialDays days from the tenant's making in which nothing is charged
 * @param override the id of the tenant's own prices that are worked in here; null for none
 */
public record PriceList(
        String plan,
        int version,
        Instant startsAt,
        Money baseFee,
        long includedUnits,
        UnitPrice overage,
        Map<String, UnitPrice> operations,
        @Nullable Money minimum,
        BigDecimal discountPercent,
        int trialDays,
        @Nullable String override) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int LONGEST_TRIAL = 366;

    public PriceList {
        operations = Collections.unmodifiableMap(new TreeMap<>(operations));
        if (version < 1) {
            throw new IllegalArgumentException("version is " + version + ": must be 1 or more");
        }
        if (startsAt.getNano() != 0 || startsAt.getEpochSecond() % 3_600 != 0) {
            throw new IllegalArgumentException("from is " + startsAt + ": must be the beginning of an hour");
        }
        if (includedUnits < 0) {
            throw new IllegalArgumentException("includedUnits is " + includedUnits + ": must not be negative");
        }
        requireAmount("baseFee", baseFee, baseFee.currency());
        if (minimum != null) {
            requireAmount("minimum", minimum, baseFee.currency());
        }
        if (discountPercent.signum() < 0
                || discountPercent.compareTo(HUNDRED) > 0
                || discountPercent.stripTrailingZeros().scale() > 2) {
            throw new IllegalArgumentException("discountPercent is " + discountPercent.toPlainString()
                    + ": must be 0 to 100 with at most 2 decimals");
        }
        if (trialDays < 0 || trialDays > LONGEST_TRIAL) {
            throw new IllegalArgumentException("trialDays is " + trialDays + ": must be 0 to " + LONGEST_TRIAL);
        }
    }

    /** A list without the rarer parts, that has always held. */
    public PriceList(String plan, int version, Money baseFee, long includedUnits, UnitPrice overage) {
        this(plan, version, Instant.EPOCH, baseFee, includedUnits, overage, Map.of(), null, BigDecimal.ZERO, 0, null);
    }

    private static void requireAmount(String field, Money money, Currency currency) {
        if (!money.currency().equals(currency)) {
            throw new IllegalArgumentException(field + " is in " + money.currency() + ": must be in " + currency);
        }
        if (money.amount().signum() < 0) {
            throw new IllegalArgumentException(field + " is " + money + ": must not be negative");
        }
        int decimals = currency.getDefaultFractionDigits();
        if (money.amount().stripTrailingZeros().scale() > decimals) {
            throw new IllegalArgumentException(
                    field + " is " + money + ": " + currency + " has " + decimals + " decimals");
        }
    }

    public Currency currency() {
        return baseFee.currency();
    }

    /** The prices that a plan states. */
    public static PriceList of(Plan plan, int version) {
        return of(plan, version, Instant.EPOCH);
    }

    /** The prices that a plan states, from an hour on. */
    public static PriceList of(Plan plan, int version, Instant startsAt) {
        if (!plan.monthlyFee().currency().equals(plan.overagePer1000().currency())) {
            throw new IllegalArgumentException("overagePer1000 of " + plan.slug() + " is in "
                    + plan.overagePer1000().currency() + ": must be in the fee's currency, "
                    + plan.monthlyFee().currency());
        }
        return new PriceList(
                plan.slug(),
                version,
                startsAt,
                plan.monthlyFee(),
                plan.includedUnits(),
                new UnitPrice.Flat(plan.overagePer1000().amount()),
                Map.of(),
                null,
                BigDecimal.ZERO,
                0,
                null);
    }

    /** Whether the two ask for the same money, whatever their version and time. */
    public boolean asksLike(PriceList other) {
        return baseFee.amount().compareTo(other.baseFee.amount()) == 0
                && currency().equals(other.currency())
                && includedUnits == other.includedUnits
                && overage.asksLike(other.overage)
                && operations.keySet().equals(other.operations.keySet())
                && operations.entrySet().stream()
                        .allMatch(entry -> entry.getValue().asksLike(other.operations.get(entry.getKey())))
                && (minimum == null ? other.minimum == null : equal(minimum, other.minimum))
                && discountPercent.compareTo(other.discountPercent) == 0
                && trialDays == other.trialDays;
    }

    private static boolean equal(Money one, @Nullable Money other) {
        return other != null && one.amount().compareTo(other.amount()) == 0;
    }
}
