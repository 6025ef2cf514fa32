package dev.gatehouse.enrichment.address;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Words within one edit of each other: a letter too many, too few, another, or two neighbours swapped. Two words within one
 * edit share a spelling among those that come of leaving out at most one letter, so an index of those spellings finds every
 * such word without comparing with all (the symmetric deletion of W. Garbe's SymSpell).
 */
public final class Spelling {
    private Spelling() {}

    /** The word, and the word without each of its letters. */
    public static Set<String> variants(String word) {
        Set<String> variants = new LinkedHashSet<>();
        variants.add(word);
        for (int i = 0; i < word.length(); i++) {
            variants.add(word.substring(0, i) + word.substring(i + 1));
        }
        return variants;
    }

    /** 0 for the same, 1 within one edit, 2 for anything farther. */
    public static int distance(String a, String b) {
        if (a.equals(b)) {
            return 0;
        }
        int shorter = Math.min(a.length(), b.length());
        if (Math.max(a.length(), b.length()) - shorter > 1) {
            return 2;
        }
        int from = 0;
        while (from < shorter && a.charAt(from) == b.charAt(from)) {
            from++;
        }
        int until = 0;
        while (until < shorter - from && a.charAt(a.length() - 1 - until) == b.charAt(b.length() - 1 - until)) {
            until++;
        }
        int leftA = a.length() - from - until;
        int leftB = b.length() - from - until;
        if (leftA <= 1 && leftB <= 1) {
            return 1;
        }
        boolean swapped = leftA == 2
                && leftB == 2
                && a.charAt(from) == b.charAt(from + 1)
                && a.charAt(from + 1) == b.charAt(from);
        return swapped ? 1 : 2;
    }
}
