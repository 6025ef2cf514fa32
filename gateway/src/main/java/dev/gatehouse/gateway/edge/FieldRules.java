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

    /** Whether a text is a host with or without a port, and without a user (RFC 9110, sections 4.2.4 and 7.2). */
    static boolean isAuthority(CharSequence text) {
        int end = endOfHost(text);
        if (end <= 0) {
            return false;
        }
        if (end == text.length()) {
            return true;
        }
        int port = 0;
        for (int i = end + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || i > end + 5) {
                return false;
            }
            port = 10 * port + (c - '0');
        }
        return text.charAt(end) == ':' && text.length() > end + 1 && port < 65_536;
    }

    /** Where the host ends; 0 or below when there is none. */
    private static int endOfHost(CharSequence text) {
        int length = text.length();
        boolean literal = length > 0 && text.charAt(0) == '[';
        for (int i = literal ? 1 : 0; i < length; i++) {
            char c = text.charAt(i);
            if (literal && c == ']') {
                // at least two colons
                return i > 2 ? i + 1 : -1;
            }
            boolean digit = c >= '0' && c <= '9';
            if (literal
                    ? !(digit || c == ':' || c == '.' || (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
                    : !isNameCharacter(c)) {
                return literal ? -1 : i;
            }
        }
        return literal ? -1 : length;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
