package dev.gatehouse.gateway.route;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The normal form of a path: see {@link RequestTarget}. */
final class PathForm {
    private static final String HEX = "0123456789ABCDEF";
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            PLAIN[c] = true;
            PLAIN[c - 'a' + 'A'] = true;
        }
        for (char c : "0123456789-._~!$&'()*,=:@/".toCharArray()) {
            PLAIN[c] = true;
        }
    }

    private PathForm() {}

    static String of(String path) throws TargetFault {
        int at = 0;
        while (at < path.length() && isPlain(path.charAt(at))) {
            at++;
        }
        String normal = at == path.length() ? path : rewritten(path, at);
        checkSegments(normal);
        return normal;
    }

    /** The normal form of text that an operator declared; the text itself when it has none, so that it matches nothing. */
    static String ofDeclared(String path) {
        try {
            return of(path);
        } catch (TargetFault e) {
            return path;
        }
    }

    private static boolean isPlain(char c) {
        return c < 128 && PLAIN[c];
    }

    private static String rewritten(String path, int plain) throws TargetFault {
        StringBuilder out = new StringBuilder(path.length() + 16).append(path, 0, plain);
        boolean beyondAscii = false;
        for (int i = plain; i < path.length(); i++) {
            char c = path.charAt(i);
            if (isPlain(c)) {
                out.append(c);
                continue;
            }
            if (c == '%') {
                int octet = octet(path, i);
                i += 2;
                beyondAscii |= octet >= 0x80;
                append(octet, out);
            } else if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
                throw new TargetFault("The path holds a character that has to be percent-encoded.");
            } else {
                append(c, out);
            }
        }
        String normal = out.toString();
        if (beyondAscii) {
            checkUtf8(normal);
        }
        return normal;
    }

    /** The octet that the escape at {@code at} stands for. */
    static int octet(String text, int at) throws TargetFault {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(at + 2), 16);
        // other alphabets have digits too
        if (low < 0 || text.charAt(at + 1) >= 0x80 || text.charAt(at + 2) >= 0x80) {
            throw new TargetFault("The address holds a broken percent-encoding. Percent-encode it as UTF-8.");
        }
        return high << 4 | low;
    }

    private static void append(int octet, StringBuilder out) throws TargetFault {
        if (octet == ';') {
            throw new TargetFault("The path holds a semicolon. Send parameters in the query.");
        }
        if (octet == '/' || octet == '\\' || octet < ' ' || octet == 0x7f) {
            throw new TargetFault("The path holds an encoded slash, backslash or control character.");
        }
        if (isPlain((char) octet)) {
            out.append((char) octet);
        } else {
            escape(octet, out);
        }
    }

    static void escape(int octet, StringBuilder out) {
        out.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 0xf));
    }

    private static void checkSegments(String path) throws TargetFault {
        for (int start = 1; start <= path.length(); ) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            int length = end - start;
            if ((length == 0 && slash >= 0)
                    || (length == 1 && path.charAt(start) == '.')
                    || (length == 2 && path.charAt(start) == '.' && path.charAt(start + 1) == '.')) {
                throw new TargetFault("The path holds an empty segment, \".\" or \"..\".");
            }
            start = end + 1;
        }
        for (int at = path.indexOf("%25"); at >= 0; at = path.indexOf("%25", at + 3)) {
            if (isHex(path, at + 3) && isHex(path, at + 4)) {
                throw new TargetFault("The path is percent-encoded twice.");
            }
        }
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && HEX.indexOf(Character.toUpperCase(text.charAt(at))) >= 0;
    }

    /** @param path in which everything beyond ASCII is escaped */
    private static void checkUtf8(String path) throws TargetFault {
        ByteBuffer octets = ByteBuffer.allocate(path.length());
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '%') {
                octets.put((byte) octet(path, i));
                i += 2;
            } else {
                octets.put((byte) path.charAt(i));
            }
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(octets.flip())
                    .toString();
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new TargetFault("The path holds an encoded slash, backslash or control character.");
            }
        } catch (CharacterCodingException e) {
            throw new TargetFault("The address holds bytes that are not UTF-8. Percent-encode it as UTF-8.");
        }
    }
}
