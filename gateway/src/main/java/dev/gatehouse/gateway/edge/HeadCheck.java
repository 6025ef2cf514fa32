package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.forward.HeaderTable;
import dev.gatehouse.gateway.route.RequestTarget;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses heads that a service might read in another way than the gateway does. */
final class HeadCheck {
    private static final int LONGEST_METHOD = 20;

    private HeadCheck() {}

    /** What is wrong with a request's head; null when nothing is. */
    static @Nullable String fault(HttpServerRequest request, RequestTarget target) {
        if (!isMethod(request.method().name())) {
            return "The method is no word of capital letters.";
        }
        if (!(target instanceof RequestTarget.Normal normal)) {
            return ((RequestTarget.Malformed) target).fault();
        }
        MultiMap headers = request.headers();
        for (Map.Entry<String, String> header : headers) {
            String fault = FieldRules.fault(header.getKey(), header.getValue());
            if (fault != null) {
                return fault;
            }
        }
        if (isRepeated(headers, HttpHeaders.AUTHORIZATION) || isRepeated(headers, Exchange.API_KEY)) {
            return "There is more than one header with a key. Send one.";
        }
        return request.version() == HttpVersion.HTTP_2 ? null : http1Fault(request, headers, normal);
    }

    private static @Nullable String http1Fault(
            HttpServerRequest request, MultiMap headers, RequestTarget.Normal target) {
        List<String> hosts = headers.getAll(HttpHeaders.HOST);
        if (hosts.size() > 1) {
            return "There is more than one Host header.";
        }
        if (hosts.isEmpty() ? request.version() == HttpVersion.HTTP_1_1 : !FieldRules.isAuthority(hosts.getFirst())) {
            return "The Host header is missing or is no host.";
        }
        String authority = target.authority();
        if (authority != null && (hosts.isEmpty() || !authority.equalsIgnoreCase(hosts.getFirst()))) {
            return "The Host header names another host than the request line.";
        }
        if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
            if (request.version() == HttpVersion.HTTP_1_0
                    || codings.size() != 1
                    || !codings.getFirst().equalsIgnoreCase("chunked")) {
                return "The only transfer coding is \"chunked\", and that in HTTP/1.1.";
            }
        }
        return connectionFault(headers.getAll(HttpHeaders.CONNECTION));
    }

    /** @param lines which are one list (RFC 9110, section 5.3) */
    private static @Nullable String connectionFault(List<String> lines) {
        for (String line : lines) {
            if (line.equals("keep-alive")) {
                continue;
            }
            for (String token : line.split(",", -1)) {
                String option = token.strip();
                if (!option.isEmpty() && (!FieldRules.isToken(option) || !HeaderTable.mayBeNamedByConnection(option))) {
                    return "The Connection header names one that is not for a connection to drop.";
                }
            }
        }
        return null;
    }

    private static boolean isRepeated(MultiMap headers, CharSequence name) {
        return headers.contains(name) && headers.getAll(name).size() > 1;
    }

    /** Whether it may be a method: anything else is not written down. */
    static boolean isMethod(String method) {
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            if ((c < 'A' || c > 'Z') && c != '-') {
                return false;
            }
        }
        return !method.isEmpty() && method.length() <= LONGEST_METHOD;
    }
}
