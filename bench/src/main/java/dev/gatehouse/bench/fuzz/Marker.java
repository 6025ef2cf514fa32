package dev.gatehouse.bench.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What tells in whose answer an octet belongs: a call's number with a sum, so that a mutated one is none. */
final class Marker {
    private static final Pattern SHAPE = Pattern.compile("Q([0-9a-f]{10})([0-9a-f]{8})Z");

    private Marker() {}

    static String of(long call) {
        return String.format(Locale.ROOT, "Q%010x%08xZ", call, sum(call));
    }

    /** The calls whose markers stand in a text. */
    static List<Long> in(String text) {
        List<Long> calls = new ArrayList<>();
        Matcher found = SHAPE.matcher(text);
        while (found.find()) {
            long call = Long.parseLong(found.group(1), 16);
            if (Integer.parseUnsignedInt(found.group(2), 16) == sum(call)) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static int sum(long call) {
        long mixed = (call + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        return (int) (mixed ^ mixed >>> 29);
    }
}
