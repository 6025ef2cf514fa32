package dev.gatehouse.kernel.id;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Text ids that say what they name and sort by the time they were made: a prefix, an underscore and 26 characters of
 * lower-case Crockford base32, the layout of a ULID (48 bits of milliseconds, 80 bits of chance).
 *
 * @see <a href="https://github.com/ulid/spec">ULID specification</a>
 */
public final class PrefixedId {
    private static final char[] BASE32 = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int BODY = 26;
    private static final RandomGenerator CHANCE = new SecureRandom();

    private PrefixedId() {}

    /** A new id such as {@code tnt_01k9…}, its time taken from {@code clock}. */
    public static String next(String prefix, InstantSource clock) {
        return of(prefix, clock.millis(), CHANCE.nextLong(), CHANCE.nextLong());
    }

    /** The id that these parts make; {@code high} gives 16 of the random bits and {@code low} the other 64. */
    public static String of(String prefix, long millis, long high, long low) {
        int start = prefix.length() + 1;
        char[] text = new char[start + BODY];
        prefix.getChars(0, prefix.length(), text, 0);
        text[prefix.length()] = '_';
        for (int i = 9; i >= 0; i--, millis >>>= 5) {
            text[start + i] = BASE32[(int) (millis & 31)];
        }
        long first = (high & 0xffff) << 24 | low >>> 40;
        for (int i = 17; i >= 10; i--, first >>>= 5) {
            text[start + i] = BASE32[(int) (first & 31)];
        }
        long second = low & 0xff_ffff_ffffL;
        for (int i = 25; i >= 18; i--, second >>>= 5) {
            text[start + i] = BASE32[(int) (second & 31)];
        }
        return new String(text);
    }

    /** Whether {@code text} has the form of an id with this prefix; says nothing about whether it exists. */
    public static boolean isWellFormed(String prefix, String text) {
        int start = prefix.length() + 1;
        if (text.length() != start + BODY || !text.startsWith(prefix) || text.charAt(start - 1) != '_') {
            return false;
        }
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u';
            if (!digit && !letter) {
                return false;
            }
        }
        return true;
    }
}
