package dev.gatehouse.gateway.edge;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an HTTP/2 request may hold, as it came out of its frames: names in small letters, each pseudo-header
 * once and before the others, no header that is about a connection, one host.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-8.2">RFC 9113, sections 8.2 and 8.3</a>
 */
final class HeadFields {
    private static final String METHOD = ":method";
    private static final String SCHEME = ":scheme";
    private static final String PATH = ":path";
    private static final String AUTHORITY = ":authority";
    private static final List<String> PSEUDO = List.of(METHOD, SCHEME, PATH, AUTHORITY);
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings");
    private static final int LONGEST_LENGTH = 18;

    private HeadFields() {}

    /** What is wrong with a request's head; null when nothing is. */
    static @Nullable String fault(Http2Headers headers) {
        CharSequence[] pseudo = new CharSequence[PSEUDO.size()];
        CharSequence host = null;
        CharSequence length = null;
        boolean regular = false;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            if (name.length() > 0 && name.charAt(0) == ':') {
                int which = PSEUDO.indexOf(name.toString());
                if (which < 0 || pseudo[which] != null || regular) {
                    return "a pseudo-header is unknown, comes twice, or comes behind others";
                }
                if (FieldRules.valueFault(value) != null) {
                    return "a pseudo-header's value is malformed";
                }
                pseudo[which] = value;
                continue;
            }
            regular = true;
            String fault = fieldFault(name, value);
            if (fault != null) {
                return fault;
            }
            if (AsciiString.contentEquals("host", name)) {
                if (host != null) {
                    return "there is more than one host";
                }
                host = value;
            } else if (AsciiString.contentEquals("content-length", name)) {
                if (length != null || !isLength(value)) {
                    return "the content-length is no number, or comes twice";
                }
                length = value;
            }
        }
        return targetFault(pseudo, host);
    }

    /** What is wrong with a request's trailers; null when nothing is. */
    static @Nullable String trailerFault(Http2Headers trailers) {
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            String fault = fieldFault(field.getKey(), field.getValue());
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static @Nullable String fieldFault(CharSequence name, CharSequence value) {
        String fault = FieldRules.fault(name, value);
        if (fault != null) {
            return fault;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return "a name holds a capital letter";
            }
        }
        if (OF_CONNECTIONS.contains(name.toString())) {
            return "a header is about a connection";
        }
        return AsciiString.contentEquals("te", name) && !AsciiString.contentEqualsIgnoreCase("trailers", value)
                ? "te is another than trailers"
                : null;
    }

    private static @Nullable String targetFault(@Nullable CharSequence[] pseudo, @Nullable CharSequence host) {
        CharSequence method = pseudo[0];
        CharSequence scheme = pseudo[1];
        CharSequence path = pseudo[2];
        CharSequence authority = pseudo[3];
        if (method == null || scheme == null || path == null) {
            return "a pseudo-header is missing";
        }
        if (!FieldRules.isToken(method)) {
            return "the method is no token";
        }
        if (!AsciiString.contentEqualsIgnoreCase("http", scheme)
                && !AsciiString.contentEqualsIgnoreCase("https", scheme)) {
            return "the scheme is neither http nor https";
        }
        boolean whole = AsciiString.contentEquals("*", path) && AsciiString.contentEquals("OPTIONS", method);
        if (path.isEmpty() || (path.charAt(0) != '/' && !whole)) {
            return "the path does not start with a slash";
        }
        CharSequence named = authority == null ? host : authority;
        if (named == null || !FieldRules.isAuthority(named)) {
            return "the host is missing or is none";
        }
        return authority != null && host != null && !AsciiString.contentEqualsIgnoreCase(authority, host)
                ? "host and :authority differ"
                : null;
    }

    private static boolean isLength(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= LONGEST_LENGTH;
    }
}
