package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.Tier;
import dev.gatehouse.billing.price.UnitPrice;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The same sum in another way: whole numbers of hundred-thousandths of a thousandth of a cent, one unit's price after the
 * other step by step, and a rounding of its own. It shares the price list with the rating and no line of its code.
 */
final class SecondCalculator {
    /** Prices have at most 5 decimals here, and are for 1,000 units: 10⁸ parts make one of the currency. */
    private static final BigInteger PARTS_PER_CENT = BigInteger.TEN.pow(6);

    private SecondCalculator() {}

    static BigInteger cents(RatingInput input) {
        long[] units = new long[input.terms().size()];
        for (UsageHour hour : input.usage()) {
            units[index(input, hour)] += hour.units();
        }
        BigInteger cents = BigInteger.ZERO;
        BigInteger all = BigInteger.valueOf(
                input.period().to().getEpochSecond() - input.period().from().getEpochSecond());
        for (int i = 0; i < units.length; i++) {
            Term term = input.terms().get(i);
            BigInteger seconds =
                    BigInteger.valueOf(term.to().getEpochSecond() - term.from().getEpochSecond());
            BigInteger fee = term.prices().baseFee().amount().movePointRight(2).toBigIntegerExact();
            cents = cents.add(halfEven(fee.multiply(seconds), all));
            BigInteger[] included = BigInteger.valueOf(term.prices().includedUnits())
                    .multiply(seconds)
                    .divideAndRemainder(all);
            long over = units[i] - included[0].longValueExact();
            if (over > 0) {
                cents = cents.add(halfEven(parts(term.prices().overage(), over), PARTS_PER_CENT));
            }
        }
        return cents;
    }

    private static int index(RatingInput input, UsageHour hour) {
        long start = hour.hour().getEpochSecond();
        for (int i = input.terms().size() - 1; i >= 0; i--) {
            Term term = input.terms().get(i);
            boolean touches =
                    term.from().getEpochSecond() < start + 3_600 && term.to().getEpochSecond() > start;
            if (touches && term.prices().plan().equals(hour.plan())) {
                return i;
            }
        }
        for (int i = input.terms().size() - 1; i > 0; i--) {
            if (input.terms().get(i).from().getEpochSecond() < start + 3_600) {
                return i;
            }
        }
        return 0;
    }

    private static BigInteger parts(UnitPrice price, long over) {
        return switch (price) {
            case UnitPrice.Flat flat -> whole(flat.per1000()).multiply(BigInteger.valueOf(over));
            case UnitPrice.Volume volume -> {
                int step = 0;
                for (Tier tier : volume.tiers()) {
                    if (tier.upTo() != null && over > tier.upTo()) {
                        step++;
                    }
                }
                yield whole(volume.tiers().get(step).per1000()).multiply(BigInteger.valueOf(over));
            }
            case UnitPrice.Graduated graduated -> {
                BigInteger sum = BigInteger.ZERO;
                int step = 0;
                for (long unit = 1; unit <= over; unit++) {
                    Long end = graduated.tiers().get(step).upTo();
                    if (end != null && unit > end) {
                        step++;
                    }
                    sum = sum.add(whole(graduated.tiers().get(step).per1000()));
                }
                yield sum;
            }
        };
    }

    private static BigInteger whole(BigDecimal per1000) {
        return per1000.movePointRight(5).toBigIntegerExact();
    }

    private static BigInteger halfEven(BigInteger dividend, BigInteger divisor) {
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        int half = parts[1].shiftLeft(1).compareTo(divisor);
        boolean up = half > 0 || half == 0 && parts[0].testBit(0);
        return up ? parts[0].add(BigInteger.ONE) : parts[0];
    }
}
