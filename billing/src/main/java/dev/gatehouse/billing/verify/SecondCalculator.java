package dev.gatehouse.billing.verify;

import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Tier;
import dev.gatehouse.billing.price.UnitPrice;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The same sum in another way: whole numbers of the currency's smallest unit, steps by the differences of their prices, and
 * a rounding of its own. It shares the price format with the rating and no line of its code.
 */
public final class SecondCalculator {
    private static final BigInteger PRICE_PARTS = BigInteger.TEN.pow(UnitPrice.MAX_DECIMALS);
    private static final BigInteger PER = PRICE_PARTS.multiply(BigInteger.valueOf(1_000));
    private static final BigInteger PERCENT_PARTS = BigInteger.valueOf(10_000);

    /** A time on a price list; seconds since 1970. */
    public record Span(PriceList prices, long from, long to, Charge charge) {
        boolean free() {
            return charge == Charge.NOTHING;
        }
    }

    /** Whether a span costs anything: a trial does not. */
    public enum Charge {
        PRICES,
        NOTHING
    }

    /** What was counted in one hour. */
    public record Hour(Instant at, String plan, String operation, long calls, long units) {}

    /**
     * What it comes to.
     *
     * @param lines in the currency's smallest unit, in the order: fee, calls, operations by name, discount, minimum; of
     *     each span in turn
     * @param total their sum
     */
    public record Amounts(List<BigInteger> lines, BigInteger total, long calls, long units) {}

    /** From this version on, what a span leaves of its included units goes on to the next, and so does what it took too much. */
    private static final int CARRIES = 3;

    private final List<Span> spans;
    private final BigInteger seconds;
    private final long end;
    private final int algorithm;
    private final int decimals;

    /**
     * @param from beginning of the period, in seconds since 1970
     * @param to its end
     * @param algorithm the version of the computation, as the invoice states it
     */
    public SecondCalculator(List<Span> spans, long from, long to, int algorithm) {
        this.end = to;
        this.algorithm = algorithm;
        this.spans = List.copyOf(spans);
        this.seconds = BigInteger.valueOf(to - from);
        this.decimals = spans.getFirst().prices().currency().getDefaultFractionDigits();
    }

    public Amounts of(List<Hour> hours) {
        List<TreeMap<String, long[]>> counted = new ArrayList<>();
        spans.forEach(span -> counted.add(new TreeMap<>()));
        long calls = 0;
        long units = 0;
        for (Hour hour : hours) {
            long[] sum = counted.get(spanOf(hour)).computeIfAbsent(hour.operation(), name -> new long[1]);
            sum[0] = Math.addExact(sum[0], hour.units());
            calls += hour.calls();
            units = Math.addExact(units, hour.units());
        }
        List<BigInteger> lines = new ArrayList<>();
        // of the paid spans so far: what their fees brought, in units times seconds, and the units that they took of it
        BigInteger brought = BigInteger.ZERO;
        long taken = 0;
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            BigInteger ofMonth = BigInteger.valueOf(span.prices().includedUnits());
            long included = included(span, ofMonth, brought, taken);
            lines.addAll(lines(span, counted.get(i), included));
            if (!span.free()) {
                brought = brought.add(ofMonth.multiply(BigInteger.valueOf(span.to() - span.from())));
                taken = Math.addExact(taken, Math.min(included, shared(span, counted.get(i))));
            }
        }
        return new Amounts(lines, lines.stream().reduce(BigInteger.ZERO, BigInteger::add), calls, units);
    }

    private long included(Span span, BigInteger ofMonth, BigInteger brought, long taken) {
        if (algorithm < CARRIES) {
            return ofMonth.multiply(BigInteger.valueOf(span.to() - span.from()))
                    .divide(seconds)
                    .longValueExact();
        }
        long all = ofMonth.multiply(BigInteger.valueOf(end - span.from()))
                .add(brought)
                .divide(seconds)
                .longValueExact();
        return Math.max(0, all - taken);
    }

    /** Units of all operations that have no price of their own. */
    private static long shared(Span span, Map<String, long[]> counted) {
        long shared = 0;
        for (String operation : counted.keySet()) {
            if (!span.prices().operations().containsKey(operation)) {
                shared = Math.addExact(shared, units(counted, operation));
            }
        }
        return shared;
    }

    private int spanOf(Hour hour) {
        long start = hour.at().getEpochSecond();
        for (int i = spans.size() - 1; i >= 0; i--) {
            Span span = spans.get(i);
            if (span.from() < start + 3_600
                    && span.to() > start
                    && span.prices().plan().equals(hour.plan())) {
                return i;
            }
        }
        for (int i = spans.size() - 1; i > 0; i--) {
            if (spans.get(i).from() < start + 3_600) {
                return i;
            }
        }
        return 0;
    }

    private List<BigInteger> lines(Span span, Map<String, long[]> counted, long included) {
        PriceList prices = span.prices();
        BigInteger length = BigInteger.valueOf(span.to() - span.from());
        List<BigInteger> lines = new ArrayList<>();
        lines.add(
                span.free()
                        ? BigInteger.ZERO
                        : quotient(smallest(prices.baseFee().amount()).multiply(length), seconds));
        long shared = shared(span, counted);
        lines.add(span.free() ? BigInteger.ZERO : price(prices.overage(), Math.max(0, shared - included)));
        prices.operations()
                .forEach((operation, price) ->
                        lines.add(span.free() ? BigInteger.ZERO : price(price, units(counted, operation))));
        if (span.free()) {
            return lines;
        }
        if (prices.discountPercent().signum() > 0) {
            BigInteger percent = prices.discountPercent().movePointRight(2).toBigIntegerExact();
            lines.add(quotient(sum(lines).multiply(percent), PERCENT_PARTS).negate());
        }
        if (prices.minimum() != null) {
            BigInteger whole = smallest(prices.minimum().amount()).multiply(length);
            BigInteger missing = quotient(whole.subtract(sum(lines).multiply(seconds)), seconds);
            lines.add(missing.max(BigInteger.ZERO));
        }
        return lines;
    }

    private static long units(Map<String, long[]> counted, String operation) {
        long[] sum = counted.get(operation);
        return sum == null ? 0 : sum[0];
    }

    private static BigInteger sum(List<BigInteger> lines) {
        return lines.stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    private BigInteger smallest(BigDecimal amount) {
        return amount.movePointRight(decimals).toBigIntegerExact();
    }

    private BigInteger price(UnitPrice price, long units) {
        BigInteger n = BigInteger.valueOf(units);
        BigInteger parts = switch (price) {
            case UnitPrice.Flat flat -> n.multiply(whole(flat.per1000()));
            case UnitPrice.Volume volume -> {
                int step = 0;
                for (Tier tier : volume.tiers()) {
                    if (tier.upTo() != null && units > tier.upTo()) {
                        step++;
                    }
                }
                yield n.multiply(whole(volume.tiers().get(step).per1000()));
            }
            case UnitPrice.Graduated graduated -> graduated(graduated.tiers(), n);
        };
        return quotient(parts.multiply(BigInteger.TEN.pow(decimals)), PER);
    }

    /** All units at the first step's price; those past the end of a step make up for the difference to the next. */
    private static BigInteger graduated(List<Tier> tiers, BigInteger units) {
        BigInteger sum = units.multiply(whole(tiers.getFirst().per1000()));
        for (int i = 1; i < tiers.size(); i++) {
            Long end = tiers.get(i - 1).upTo();
            BigInteger past = units.subtract(BigInteger.valueOf(end == null ? Long.MAX_VALUE : end))
                    .max(BigInteger.ZERO);
            BigInteger difference = whole(tiers.get(i).per1000())
                    .subtract(whole(tiers.get(i - 1).per1000()));
            sum = sum.add(past.multiply(difference));
        }
        return sum;
    }

    private static BigInteger whole(BigDecimal per1000) {
        return per1000.movePointRight(UnitPrice.MAX_DECIMALS).toBigIntegerExact();
    }

    /** Half to even; the divisor is more than nothing. */
    private static BigInteger quotient(BigInteger dividend, BigInteger divisor) {
        BigInteger[] parts = dividend.abs().divideAndRemainder(divisor);
        int half = parts[1].shiftLeft(1).compareTo(divisor);
        boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
        BigInteger rounded = up ? parts[0].add(BigInteger.ONE) : parts[0];
        return dividend.signum() < 0 ? rounded.negate() : rounded;
    }
}
