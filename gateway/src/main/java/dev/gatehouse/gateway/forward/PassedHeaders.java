package dev.gatehouse.gateway.forward;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which headers go through, in each direction. Hop-by-hop headers end here, with those that {@code Connection} names;
 * keys, identities and rate headers from outside end here, and whatever is internal does not leave.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1</a>
 */
public final class PassedHeaders {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");
    private static final Set<String> NOT_IN = Set.of(
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
    private static final Set<String> NOT_OUT =
            Set.of("x-request-id", "x-response-time", "server", "ratelimit", "ratelimit-policy");

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
        String lower = lower(name);
        return !HOP_BY_HOP.contains(lower) && !NOT_IN.contains(lower) && !isOurs(lower);
    }

    static boolean passesOut(String name) {
        String lower = lower(name);
        return !HOP_BY_HOP.contains(lower) && !NOT_OUT.contains(lower) && !isOurs(lower);
    }

    private static boolean isOurs(String lower) {
        return lower.startsWith("gatehouse-") || lower.startsWith("x-ratelimit-") || lower.startsWith(":");
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

    private static String lower(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }
}
