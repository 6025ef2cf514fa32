package dev.gatehouse.gateway.edge;

import org.jspecify.annotations.Nullable;

/**
 * What the name and the value of a header may be, in every version of HTTP.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5">RFC 9110, section 5</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-8.2.1">RFC 9113, section 8.2.1</a>
 */
final class FieldRules {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "0123456789!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private FieldRules() {}

    /** What is wrong with a header; null when nothing is. */
    static @Nullable String fault(CharSequence name, CharSequence value) {
        if (!isToken(name)) {
            return "The name of a header is empty, or holds a character that no name may hold.";
        }
        return valueFault(value);
    }

    /** What is wrong with a header's value; null when nothing is. */
    static @Nullable String valueFault(CharSequence value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return "The value of a header holds a control character.";
            }
        }
        if (length > 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(length - 1)))) {
            return "The value of a header begins or ends with a blank.";
        }
        return null;
    }

    static boolean isToken(CharSequence text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 128 || !TOKEN[c]) {
                return false;
            }
        }
        return length > 0;
    }

    /** Whether a text is a host with or without a port, and without a user (RFC 9110, section 4.2.4). */
    static boolean isAuthority(CharSequence host) {
        int length = host.length();
        for (int i = 0; i < length; i++) {
            char c = host.charAt(i);
            boolean good = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '-'
                    || c == ':'
                    || c == '_'
                    || c == '['
                    || c == ']';
            if (!good) {
                return false;
            }
        }
        return length > 0;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
