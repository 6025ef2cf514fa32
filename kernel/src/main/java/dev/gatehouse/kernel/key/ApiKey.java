package dev.gatehouse.kernel.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code gate_live_} or {@code gate_test_}, 32 random base62 characters (190 bits), and the
 * CRC-32 of everything before it as 6 base62 characters. A typo is refused without a lookup, and a secret scanner can
 * match the whole. Only its SHA-256 is ever stored.
 *
 * @see <a href="https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/">
 *     GitHub's token format, from which the checksum is taken</a>
 */
public final class ApiKey {
    public static final int LENGTH = 48;
    private static final int PREFIX = 10;
    private static final int BODY = 32;
    private static final int CHECKSUM = 6;
    private static final int DISPLAYED = PREFIX + 6;
    private static final char[] BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray();
    private static final SecureRandom CHANCE = new SecureRandom();

    private ApiKey() {}

    /** A new key. This text is the only copy: store {@link #hash} and {@link #displayPrefix} of it. */
    public static String generate(KeyMode mode) {
        StringBuilder text =
                new StringBuilder(LENGTH).append("gate_").append(mode.text()).append('_');
        for (int i = 0; i < BODY; i++) {
            text.append(BASE62[CHANCE.nextInt(BASE62.length)]);
        }
        return text.append(checksum(text)).toString();
    }

    /** Whether {@code text} has the form of a key and its checksum holds; says nothing about whether it exists. */
    public static boolean isWellFormed(CharSequence text) {
        if (text.length() != LENGTH || !hasPrefix(text)) {
            return false;
        }
        for (int i = PREFIX; i < LENGTH; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')) {
                return false;
            }
        }
        return checksum(text.subSequence(0, PREFIX + BODY)).contentEquals(text.subSequence(PREFIX + BODY, LENGTH));
    }

    /** SHA-256 of the key's text: 32 bytes. A key is 190 random bits, so no salt or slow hash is called for. */
    public static byte[] hash(CharSequence text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** {@link #hash} as 64 lower-case hexadecimal digits. */
    public static String hashHex(CharSequence text) {
        return HexFormat.of().formatHex(hash(text));
    }

    /** The part that may be shown and logged, as in {@code gate_live_4fQz8K}. */
    public static String displayPrefix(CharSequence text) {
        return text.subSequence(0, DISPLAYED).toString();
    }

    private static boolean hasPrefix(CharSequence text) {
        CharSequence prefix = text.subSequence(0, PREFIX);
        return "gate_live_".contentEquals(prefix) || "gate_test_".contentEquals(prefix);
    }

    private static String checksum(CharSequence text) {
        CRC32 crc = new CRC32();
        for (int i = 0; i < text.length(); i++) {
            crc.update(text.charAt(i));
        }
        char[] digits = new char[CHECKSUM];
        long rest = crc.getValue();
        for (int i = CHECKSUM - 1; i >= 0; i--, rest /= 62) {
            digits[i] = BASE62[(int) (rest % 62)];
        }
        return new String(digits);
    }
}
