package dev.gatehouse.gateway.forward;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * Which headers go through, in each direction: by {@link HeaderTable}, and without those that {@code Connection} names.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1</a>
 */
public final class PassedHeaders {
    private static final String EVENT_STREAM = "text/event-stream";

    private PassedHeaders() {}

    /** Copies what a service may see of a request. */
    public static void toService(MultiMap from, MultiMap to) {
        List<String> connection = from.getAll(HttpHeaders.CONNECTION);
        from.forEach((name, value) -> {
            if (HeaderTable.passesIn(name) && !isNamed(connection, name)) {
                to.add(name, value);
            }
        });
        joinCookies(to);
    }

    /** HTTP/2 sends cookies in pieces, HTTP/1.1 knows one line of them (RFC 9113, 8.2.3). */
    private static void joinCookies(MultiMap headers) {
        if (headers.contains(HttpHeaders.COOKIE)) {
            List<String> crumbs = headers.getAll(HttpHeaders.COOKIE);
            if (crumbs.size() > 1) {
                headers.set(HttpHeaders.COOKIE, String.join("; ", crumbs));
            }
        }
    }

    /** Copies what a client may see of an answer. */
    public static void toClient(MultiMap from, MultiMap to) {
        List<String> connection = from.getAll(HttpHeaders.CONNECTION);
        from.forEach((name, value) -> {
            if (HeaderTable.passesOut(name) && !isNamed(connection, name)) {
                to.add(name, value);
            }
        });
    }

    /** @param connection all its lines, which are one list (RFC 9110, section 5.3) */
    private static boolean isNamed(List<String> connection, String name) {
        for (String line : connection) {
            if (line.length() < name.length() || line.equals("keep-alive")) {
                continue;
            }
            for (String token : line.split(",")) {
                if (token.strip().equalsIgnoreCase(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether an answer is a stream of events, which has no end of its own. */
    public static boolean isEventStream(MultiMap headers) {
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    }
}
