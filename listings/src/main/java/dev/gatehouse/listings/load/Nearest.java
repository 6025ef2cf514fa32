package dev.gatehouse.listings.load;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that a mistyped one may mean: at most three edits away (Levenshtein), without regard to case. */
final class Nearest {
    private static final int MOST_EDITS = 3;

    private Nearest() {}

    static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> edits(name, candidate) <= MOST_EDITS)
                .min(Comparator.comparingInt(candidate -> edits(name, candidate)));
    }

    private static int edits(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
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
