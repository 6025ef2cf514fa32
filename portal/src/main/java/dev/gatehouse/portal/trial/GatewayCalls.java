package dev.gatehouse.portal.trial;

import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Passes a call on to the gateway under a key, on the portal's own origin: no CORS, and the key never reaches the browser.
 * What comes back is data, never a page of ours: it is sandboxed, and only heads that say something about the call are kept.
 */
public final class GatewayCalls {
    private static final Set<String> SENT =
            Set.of("accept", "content-type", "idempotency-key", "if-none-match", "x-request-id");
    private static final Set<String> ANSWERED = Set.of(
            "x-request-id",
            "x-response-time",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
            "etag",
            "deprecation",
            "sunset",
            "link",
            "location",
            "allow",
            "gatehouse-degraded");

    private final HttpCaller caller;
    private final URI gateway;

    public GatewayCalls(HttpCaller caller, URI gateway) {
        this.caller = caller;
        this.gateway = gateway;
    }

    /**
     * @param path what follows {@code /try/}, percent-encoded, as in {@code v2/listings}
     * @throws IOException when the gateway does not answer
     */
    public Response pass(Request request, String path, String key) throws IOException {
        Map<String, String> heads = new LinkedHashMap<>();
        heads.put("Authorization", "Bearer " + key);
        for (String name : SENT) {
            request.header(name).ifPresent(value -> heads.put(name, value));
        }
        URI uri = URI.create(gateway.toString().replaceAll("/$", "") + "/" + path + query(request.query()));
        HttpCaller.Answer answer = caller.send(request.method(), uri, heads, request.bytes());
        Response response = Response.bytes(
                        answer.status(),
                        answer.headers().getOrDefault("Content-Type", "application/octet-stream"),
                        answer.body())
                .with("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
        for (Map.Entry<String, String> head : answer.headers().entrySet()) {
            String name = head.getKey().toLowerCase(Locale.ROOT);
            if (ANSWERED.contains(name) || name.startsWith("x-ratelimit-")) {
                response = response.with(head.getKey(), head.getValue());
            }
        }
        return response;
    }

    private static String query(Map<String, List<String>> query) {
        StringJoiner text = new StringJoiner("&", "?", "").setEmptyValue("");
        query.forEach((name, values) -> values.forEach(value -> text.add(encode(name) + "=" + encode(value))));
        return text.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
