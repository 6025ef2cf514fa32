package dev.gatehouse.gateway.route;

import org.jspecify.annotations.Nullable;

/**
 * The target of a request in its one normal form. It is made once, from what the client sent; routes are matched against it,
 * the service is asked by it, and usage, logs and traces name it, so that no two of them can mean different things.
 *
 * <p>In a path each octet that may stand for itself in a segment does (RFC 3986, 6.2.2.2 and {@code pchar} of 3.3), and every
 * other is percent-encoded with capital digits (6.2.2.1). {@code +} counts among the encoded ones, since some servers read it as a
 * space. What servers are known to read differently is refused instead of repaired: empty and dot segments, encoded slashes and
 * backslashes, control characters, path parameters ({@code ;}), octets that are not UTF-8, and text that is encoded twice. In a
 * query only unreserved characters are decoded.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, section 3.2, request target</a>
 */
public sealed interface RequestTarget {

    /**
     * @param path starts with a slash
     * @param query without its question mark; null when there is none
     * @param authority of the absolute form, as proxies send it; null in the origin form
     */
    record Normal(
            String path, @Nullable String query, @Nullable String authority) implements RequestTarget {}

    /**
     * @param path as it came, without its query, for the log
     * @param fault a sentence for the client
     */
    record Malformed(String path, String fault) implements RequestTarget {}

    /** @param raw as it stands in the request line or in {@code :path}; null when there was none */
    static RequestTarget of(@Nullable String raw) {
        String text = raw == null ? "" : raw;
        int start = 0;
        String authority = null;
        if (!text.startsWith("/")) {
            int scheme = schemeLength(text);
            if (scheme == 0) {
                return malformed(text, "The path has to start with a slash.");
            }
            start = endOfAuthority(text, scheme);
            authority = text.substring(scheme, start);
        }
        int mark = text.indexOf('?', start);
        int end = mark < 0 ? text.length() : mark;
        String path = start == end ? "/" : text.substring(start, end);
        String query = mark < 0 ? null : text.substring(mark + 1);
        try {
            return new Normal(PathForm.of(path), query == null ? null : QueryForm.of(query), authority);
        } catch (TargetFault e) {
            return malformed(path, e.fault());
        }
    }

    private static Malformed malformed(String text, String fault) {
        int mark = text.indexOf('?');
        return new Malformed(mark < 0 ? text : text.substring(0, mark), fault);
    }

    private static int schemeLength(String text) {
        for (String scheme : new String[] {"http://", "https://"}) {
            if (text.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return scheme.length();
            }
        }
        return 0;
    }

    private static int endOfAuthority(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) != '/' && text.charAt(at) != '?') {
            at++;
        }
        return at;
    }
}
