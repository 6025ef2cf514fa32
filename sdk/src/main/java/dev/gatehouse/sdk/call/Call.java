package dev.gatehouse.sdk.call;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the API.
 *
 * @param path percent-encoded
 * @param parameters of the query, in order
 * @param body written as JSON; null for none
 * @param repeat whether it may be made again when it is not known whether it was done
 */
public record Call(
        String method,
        String path,
        Map<String, String> parameters,
        Map<String, String> headers,
        @Nullable Object body,
        Repeat repeat) {

    /** What a second time would do. */
    public enum Repeat {
        /** The same as once. */
        SAFE,
        /** It might be done twice. */
        RISKY
    }

    public static Call get(String path) {
        return new Call("GET", path, Map.of(), Map.of(), null, Repeat.SAFE);
    }

    public static Call delete(String path) {
        return new Call("DELETE", path, Map.of(), Map.of(), null, Repeat.SAFE);
    }

    /** A POST that is done once however often it is sent, by an idempotency key of its own. */
    public static Call postOnce(String path, Object body) {
        return postOnce(path, body, UUID.randomUUID().toString());
    }

    /** @param key names this request; send the same one again to ask for the same thing */
    public static Call postOnce(String path, Object body, String key) {
        return new Call("POST", path, Map.of(), Map.of("Idempotency-Key", key), body, Repeat.SAFE);
    }

    /** With one more parameter; a null value leaves it out. */
    public Call with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value.toString());
        return new Call(method, path, more, headers, body, repeat);
    }

    public Call with(Map<String, String> all) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.putAll(all);
        return new Call(method, path, more, headers, body, repeat);
    }

    String target() {
        return parameters.isEmpty()
                ? path
                : path + "?"
                        + parameters.entrySet().stream()
                                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                                .collect(Collectors.joining("&"));
    }

    /** One segment of a path. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
