package dev.gatehouse.webhooks.guard;

import dev.gatehouse.kernel.address.UrlHost;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A receiver's URL, taken apart and put into its one normal form: scheme and host in lower case, the host in punycode, path
 * and query percent-encoded. What is kept, shown, checked and delivered to is this form.
 *
 * @param scheme in lower case
 * @param port as given, or the scheme's own
 * @param hasPort whether the port is written in the URL
 * @param target path and query, as they are sent
 */
record ReceiverUrl(String scheme, UrlHost host, int port, boolean hasPort, String target) {
    private static final int LONGEST = 2_000;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)(#.*)?", Pattern.DOTALL);
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** RFC 3986, section 3.3 and 3.4: all that may stand in a path or a query besides letters, digits and escapes. */
    private static final String ALLOWED = "-._~!$&'()*+,;=:@/?%";

    /** @throws BlockedException when it is no URL of a server, or one that programs read differently */
    static ReceiverUrl parse(String text) throws BlockedException {
        if (text.length() > LONGEST) {
            throw new BlockedException("is longer than " + LONGEST + " characters");
        }
        if (text.chars().anyMatch(ReceiverUrl::isUnreadable)) {
            throw new BlockedException("contains a blank, a control character or a backslash");
        }
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            throw new BlockedException("is not a URL: write it as https://hooks.example.com/path");
        }
        if (parts.group(4) != null) {
            throw new BlockedException("has a fragment, which no server would see: take it out");
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String authority = parts.group(2);
        if (authority.contains("@")) {
            throw new BlockedException("carries credentials: take them out; deliveries are signed instead");
        }
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        UrlHost host = UrlHost.read(colon < 0 ? authority : authority.substring(0, colon));
        if (host instanceof UrlHost.Wrong(String reason)) {
            throw new BlockedException(reason);
        }
        int port = colon < 0 ? usual(scheme) : port(authority.substring(colon + 1));
        return new ReceiverUrl(scheme, host, port, colon >= 0 && port != usual(scheme), target(parts.group(3)));
    }

    private static boolean isUnreadable(int character) {
        return character == '\\'
                || Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character);
    }

    private static int usual(String scheme) {
        return scheme.equals("https") ? HTTPS : HTTP;
    }

    private static int port(String text) throws BlockedException {
        if (!PORT.matcher(text).matches()) {
            throw new BlockedException("names a port that is no number: " + shortened(text));
        }
        return Integer.parseInt(text);
    }

    private static String target(String text) throws BlockedException {
        if (ESCAPE.matcher(text).find()) {
            throw new BlockedException("has a % in its path that is not followed by two hexadecimal digits: write %25");
        }
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new BlockedException("contains half a character");
            }
            if (isAllowed(point)) {
                encoded.append((char) point);
            } else {
                for (byte octet : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append(String.format(Locale.ROOT, "%%%02X", octet & 0xff));
                }
            }
        }
        return encoded.isEmpty() || encoded.charAt(0) == '/' ? encoded.toString() : "/" + encoded;
    }

    private static boolean isAllowed(int point) {
        return (point >= 'a' && point <= 'z')
                || (point >= 'A' && point <= 'Z')
                || (point >= '0' && point <= '9')
                || (point < 0x80 && ALLOWED.indexOf(point) >= 0);
    }

    private static String shortened(String text) {
        return text.length() <= 20 ? text : text.substring(0, 17) + "...";
    }

    /** The host as it stands in URLs. */
    String hostText() {
        return switch (host) {
            case UrlHost.Name(String ascii) -> ascii;
            case UrlHost.Literal(var address) ->
                address.text().contains(":") ? "[" + address.text() + "]" : address.text();
            case UrlHost.Wrong(String reason) -> throw new IllegalStateException(reason);
        };
    }

    /** The normal form. */
    URI uri() {
        return URI.create(scheme + "://" + hostText() + (hasPort ? ":" + port : "") + target);
    }
}
