package dev.gatehouse.gateway.forward;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which headers go through, in each direction. Hop-by-hop headers end here, with those that {@code Connection} names;
 * keys, identities and rate headers from outside end here, and whatever is internal does not leave.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1</a>
 */
public final class PassedHeaders {
    private static final String EVENT_STREAM = "text/event-stream";
    private static final String[] HOP_BY_HOP = {
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        // the relay writes the framing of what it forwards, both ways, from what really comes
        "content-length",
        "upgrade",
        "http2-settings"
    };
    private static final ByLength NOT_IN = new ByLength(
            HOP_BY_HOP,
            "host",
            "authorization",
            "x-api-key",
            "x-request-id",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-real-ip",
            "expect");
    private static final ByLength NOT_OUT =
            new ByLength(HOP_BY_HOP, "x-request-id", "x-response-time", "server", "ratelimit", "ratelimit-policy");

    /** A few names, looked up without making a lower-case copy of what is looked up. */
    private static final class ByLength {
        private final String[][] names = new String[32][0];

        ByLength(String[] first, String... second) {
            for (String[] list : new String[][] {first, second}) {
                for (String name : list) {
                    String[] same = names[name.length()];
                    String[] more = Arrays.copyOf(same, same.length + 1);
                    more[same.length] = name;
                    names[name.length()] = more;
                }
            }
        }

        boolean contains(String name) {
            if (name.length() < names.length) {
                for (String each : names[name.length()]) {
                    if (each.equalsIgnoreCase(name)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private PassedHeaders() {}

    /** Copies what a service may see of a request. */
    public static void toService(MultiMap from, MultiMap to) {
        String connection = from.get(HttpHeaders.CONNECTION);
        from.forEach((name, value) -> {
            if (passesIn(name) && !isNamed(connection, name)) {
                to.add(name, value);
            }
        });
    }

    /** Copies what a client may see of an answer. */
    public static void toClient(MultiMap from, MultiMap to) {
        String connection = from.get(HttpHeaders.CONNECTION);
        from.forEach((name, value) -> {
            if (passesOut(name) && !isNamed(connection, name)) {
                to.add(name, value);
            }
        });
    }

    static boolean passesIn(String name) {
        return !NOT_IN.contains(name) && !isOurs(name);
    }

    static boolean passesOut(String name) {
        return !NOT_OUT.contains(name) && !isOurs(name);
    }

    private static boolean isOurs(String name) {
        return startsWith(name, "gatehouse-") || startsWith(name, "x-ratelimit-") || startsWith(name, ":");
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static boolean isNamed(@Nullable String connection, String name) {
        if (connection == null || connection.length() < name.length() || connection.equals("keep-alive")) {
            return false;
        }
        for (String token : connection.split(",")) {
            if (token.strip().equalsIgnoreCase(name)) {
                return true;
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
