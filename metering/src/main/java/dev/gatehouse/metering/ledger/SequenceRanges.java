package dev.gatehouse.metering.ledger;

import java.util.Map;
import java.util.TreeMap;

/**
 * A set of sequence numbers, kept as ranges that neither overlap nor touch. A producer's sequence is dense, so a month of
 * it is one range. Not safe for threads.
 */
public final class SequenceRanges {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    /** Reads PostgreSQL's text of an {@code int8multirange}, as in {@code {[1,10),[12,13)}}. */
    public static SequenceRanges parse(String multirange) {
        SequenceRanges ranges = new SequenceRanges();
        String inner = multirange.substring(1, multirange.length() - 1);
        if (!inner.isEmpty()) {
            for (String part : inner.split("(?<=\\)),")) {
                int comma = part.indexOf(',');
                ranges.add(
                        Long.parseLong(part.substring(1, comma)),
                        Long.parseLong(part.substring(comma + 1, part.length() - 1)) - 1);
            }
        }
        return ranges;
    }

    public SequenceRanges copy() {
        SequenceRanges copy = new SequenceRanges();
        copy.lastByFirst.putAll(lastByFirst);
        return copy;
    }

    public boolean contains(long seq) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(seq);
        return range != null && range.getValue() >= seq;
    }

    /** Adds a number; false when it was there. */
    public boolean add(long seq) {
        if (contains(seq)) {
            return false;
        }
        add(seq, seq);
        return true;
    }

    /** Adds all numbers from first to last. */
    public void add(long first, long last) {
        if (last < first) {
            return;
        }
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        for (Map.Entry<Long, Long> next = lastByFirst.higherEntry(from);
                next != null && next.getKey() <= to + 1;
                next = lastByFirst.higherEntry(from)) {
            to = Math.max(to, next.getValue());
            lastByFirst.remove(next.getKey());
        }
        lastByFirst.put(from, to);
    }

    public void addAll(SequenceRanges other) {
        other.lastByFirst.forEach(this::add);
    }

    /** The last number up to which, from 1, none is missing; 0 when 1 is. */
    public long upTo() {
        Map.Entry<Long, Long> first = lastByFirst.firstEntry();
        return first != null && first.getKey() == 1 ? first.getValue() : 0;
    }

    /** The highest number; 0 when there is none. */
    public long highest() {
        return lastByFirst.isEmpty() ? 0 : lastByFirst.lastEntry().getValue();
    }

    /** How many numbers it holds. */
    public long size() {
        long size = 0;
        for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
            size += range.getValue() - range.getKey() + 1;
        }
        return size;
    }

    /** The numbers from 1 to {@code last} that are not in it. */
    public SequenceRanges missingUpTo(long last) {
        SequenceRanges missing = new SequenceRanges();
        long next = 1;
        for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
            missing.add(next, Math.min(range.getKey() - 1, last));
            next = range.getValue() + 1;
        }
        missing.add(next, last);
        return missing;
    }

    public boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    /** PostgreSQL's text of an {@code int8multirange}. */
    public String toMultirange() {
        StringBuilder text = new StringBuilder("{");
        lastByFirst.forEach((first, last) -> {
            if (text.length() > 1) {
                text.append(',');
            }
            text.append('[').append(first).append(',').append(last + 1).append(')');
        });
        return text.append('}').toString();
    }

    @Override
    public String toString() {
        return toMultirange();
    }
}
