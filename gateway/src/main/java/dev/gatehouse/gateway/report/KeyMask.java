package dev.gatehouse.gateway.report;

import java.util.Locale;
import java.util.regex.Pattern;

/** A key that somebody wrote into a path, a query or a sentence is as secret there as in its header. */
public final class KeyMask {
    private static final String START = "gate";
    /** An underscore may be percent-encoded, also twice, where nobody has decoded it. */
    private static final Pattern KEY = Pattern.compile(
            "(gate(?:_|%(?:25)*5f)(?:live|test)(?:_|%(?:25)*5f))[A-Za-z0-9%]+", Pattern.CASE_INSENSITIVE);

    private KeyMask() {}

    /** The text with the secret part of each key left out. */
    public static String of(String text) {
        return holdsStart(text) ? KEY.matcher(text).replaceAll("$1…") : text;
    }

    /** Whether a text holds what may be a key. */
    public static boolean isIn(String text) {
        return holdsStart(text) && KEY.matcher(text).find();
    }

    private static boolean holdsStart(String text) {
        return text.contains(START) || text.toLowerCase(Locale.ROOT).contains(START);
    }
}
