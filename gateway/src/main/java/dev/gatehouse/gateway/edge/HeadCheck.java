package dev.gatehouse.gateway.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses heads that a service might read in another way than the gateway does. */
final class HeadCheck {
    private static final int LONGEST_METHOD = 20;

    private HeadCheck() {}

    /** What is wrong with a request's head; null when nothing is. */
    static @Nullable String fault(HttpServerRequest request, Call call) {
        if (!isMethod(call.method)) {
            return "The method is no word of capital letters.";
        }
        String path = PathCheck.fault(call.path);
        if (path != null) {
            return path;
        }
        if (call.query != null && !isVisible(call.query)) {
            return "The query holds a character that has to be percent-encoded.";
        }
        if (request.version() == HttpVersion.HTTP_2) {
            return null;
        }
        return http1Fault(request);
    }

    private static @Nullable String http1Fault(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() > 1) {
            return "There is more than one Host header.";
        }
        if (hosts.isEmpty() ? request.version() == HttpVersion.HTTP_1_1 : !isHost(hosts.getFirst())) {
            return "The Host header is missing or is no host.";
        }
        if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
            if (request.version() == HttpVersion.HTTP_1_0
                    || codings.size() != 1
                    || !codings.getFirst().equalsIgnoreCase("chunked")) {
                return "The only transfer coding is \"chunked\", and that in HTTP/1.1.";
            }
        }
        return null;
    }

    private static boolean isMethod(String method) {
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            if ((c < 'A' || c > 'Z') && c != '-') {
                return false;
            }
        }
        return !method.isEmpty() && method.length() <= LONGEST_METHOD;
    }

    private static boolean isVisible(String query) {
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
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
        return !host.isEmpty();
    }
}
