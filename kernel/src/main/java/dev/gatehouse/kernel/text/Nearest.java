package dev.gatehouse.kernel.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that a mistyped one may mean. */
public final class Nearest {
    private static final int MOST_EDITS = 3;

    private Nearest() {}

    /**
     * The nearest name that is at most three edits away and keeps at least half of the letters, without regard to case;
     * of names that are equally near the first by alphabet. Empty when none is near: another name would mislead.
     */
    public static Optional<String> to(String name, Collection<String> known) {
        int most = Math.min(MOST_EDITS, Math.max(1, name.length() / 2));
        String small = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= most)
                .filter(candidate -> edits(small, candidate.toLowerCase(Locale.ROOT)) <= most)
                .min(Comparator.<String>comparingInt(candidate -> edits(small, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Letters to insert, to remove or to replace (Levenshtein's distance). */
    public static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substitution, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
