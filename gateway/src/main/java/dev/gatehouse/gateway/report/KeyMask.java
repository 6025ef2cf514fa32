package dev.gatehouse.gateway.report;

import java.util.regex.Pattern;

/** A key that somebody wrote into a path, a query or a sentence is as secret there as in its header. */
public final class KeyMask {
    private static final String START = "gate";
    /** An underscore may be percent-encoded, also twice, where nobody has decoded it. */
    private static final String BEGINNING = "(gate(?:_|%(?:25)*5f)(?:live|test)(?:_|%(?:25)*5f))";

    private static final Pattern ANY = Pattern.compile(BEGINNING + "[A-Za-z0-9%]+", Pattern.CASE_INSENSITIVE);

    /** More than the eight characters by which a person knows a key. */
    private static final Pattern SECRET = Pattern.compile(BEGINNING + "[A-Za-z0-9%]{9,}", Pattern.CASE_INSENSITIVE);

    private KeyMask() {}

    /** What a client wrote, without what follows the beginning of a key. */
    public static String of(String text) {
        return holdsStart(text) ? ANY.matcher(text).replaceAll("$1…") : text;
    }

    /** A sentence of ours, which may name a key by its prefix but not tell its secret. */
    public static String ofSentence(String text) {
        return holdsStart(text) ? SECRET.matcher(text).replaceAll("$1…") : text;
    }

    /** Whether a text holds what may be a key. */
    public static boolean isIn(String text) {
        return holdsStart(text) && ANY.matcher(text).find();
    }

    /** Looked for in every call's path: without making anything. */
    private static boolean holdsStart(String text) {
        int last = text.length() - START.length();
        for (int i = 0; i <= last; i++) {
            char c = text.charAt(i);
            if ((c == 'g' || c == 'G') && text.regionMatches(true, i, START, 0, START.length())) {
                return true;
            }
        }
        return false;
    }
}
