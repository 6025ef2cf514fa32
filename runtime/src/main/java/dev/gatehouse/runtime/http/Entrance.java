package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is looked at of a request before anything else of it is. */
final class Entrance {
    private Entrance() {}

    /** The request without its query and its body. */
    static Request head(HttpServerRequest raw, String id) {
        Map<String, List<String>> headers = new HashMap<>();
        raw.headers()
                .forEach(
                        (name, value) -> headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>(1))
                                .add(value));
        return new Request(
                raw.method().name(),
                raw.path() == null ? "" : raw.path(),
                Map.of(),
                Map.of(),
                headers,
                raw.remoteAddress() == null
                        ? ""
                        : String.valueOf(raw.remoteAddress().hostAddress()),
                id,
                null,
                InputStream.nullInputStream(),
                0);
    }

    /** @throws ProblemException 400 or 421 when the request names another host, none or several */
    static void requireOwnHost(HttpServerRequest raw, @Nullable OwnHosts hosts) {
        if (hosts == null) {
            return;
        }
        String local = raw.localAddress() == null ? null : raw.localAddress().hostAddress();
        switch (hosts.check(named(raw), local)) {
            case OWN -> {}
            case MALFORMED ->
                throw new ProblemException(
                        ProblemCode.MALFORMED_REQUEST, "The request must name one host in its Host header.");
            case FOREIGN ->
                throw new ProblemException(
                        ProblemCode.MISDIRECTED,
                        "This server does not answer to the host that the request names. Call it by its own address, or"
                                + " add the name to its settings.");
        }
    }

    /**
     * All that the request names as its host: {@code Host}, {@code :authority}, and the host of a target in absolute form,
     * which outweighs {@code Host} (RFC 9112, section 3.2.2). Several lines of {@code Host} are as good as none.
     */
    private static List<String> named(HttpServerRequest raw) {
        List<String> named = new ArrayList<>(raw.headers().getAll("host"));
        if (named.size() > 1) {
            return List.of();
        }
        if (raw.authority() != null) {
            named.add(raw.authority().toString());
        }
        String target = raw.uri();
        int scheme = target.indexOf("://");
        if (!target.startsWith("/") && scheme > 0) {
            named.add(target.substring(scheme + 3).split("[/?#]", 2)[0]);
        }
        return named;
    }
}
