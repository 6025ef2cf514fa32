package dev.gatehouse.signals.market;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A sorted list of whole numbers in which a number may stand more than once. Immutable. */
public final class Values {
    public static final Values NONE = new Values(new long[0]);

    private final long[] sorted;

    private Values(long[] sorted) {
        this.sorted = sorted;
    }

    /** In any order. */
    public static Values of(long... values) {
        long[] copy = values.clone();
        Arrays.sort(copy);
        return copy.length == 0 ? NONE : new Values(copy);
    }

    public int count() {
        return sorted.length;
    }

    public long[] toArray() {
        return sorted.clone();
    }

    public BigDecimal sum() {
        BigDecimal sum = BigDecimal.ZERO;
        long part = 0;
        for (long value : sorted) {
            long more = part + value;
            if (((part ^ more) & (value ^ more)) < 0) {
                sum = sum.add(BigDecimal.valueOf(part));
                more = value;
            }
            part = more;
        }
        return sum.add(BigDecimal.valueOf(part));
    }

    /** The middle value, or the mean of the two middle ones; null when there are none. */
    public @Nullable BigDecimal median() {
        if (sorted.length == 0) {
            return null;
        }
        BigDecimal low = BigDecimal.valueOf(sorted[(sorted.length - 1) / 2]);
        BigDecimal high = BigDecimal.valueOf(sorted[sorted.length / 2]);
        return low.add(high).divide(BigDecimal.TWO);
    }

    public Values plus(Values other) {
        if (sorted.length == 0) {
            return other;
        }
        if (other.sorted.length == 0) {
            return this;
        }
        long[] merged = new long[sorted.length + other.sorted.length];
        int i = 0;
        int j = 0;
        for (int at = 0; at < merged.length; at++) {
            boolean mine = j == other.sorted.length || (i < sorted.length && sorted[i] <= other.sorted[j]);
            merged[at] = mine ? sorted[i++] : other.sorted[j++];
        }
        return new Values(merged);
    }

    /** @throws IllegalStateException when one of {@code other} is not there */
    public Values less(Values other) {
        if (other.sorted.length == 0) {
            return this;
        }
        if (other.sorted.length > sorted.length) {
            throw new IllegalStateException("more is taken away than there is");
        }
        long[] left = new long[sorted.length - other.sorted.length];
        int at = 0;
        int j = 0;
        for (long value : sorted) {
            if (j < other.sorted.length && other.sorted[j] == value) {
                j++;
            } else if (at < left.length) {
                left[at++] = value;
            }
        }
        if (j < other.sorted.length) {
            throw new IllegalStateException("a value is taken away that is not there: " + other.sorted[j]);
        }
        return left.length == 0 ? NONE : new Values(left);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Values that && Arrays.equals(sorted, that.sorted);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sorted);
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
