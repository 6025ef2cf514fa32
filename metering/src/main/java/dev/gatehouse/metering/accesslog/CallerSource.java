package dev.gatehouse.metering.accesslog;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which part of a call of the combined format tells whose it is. */
public sealed interface CallerSource {
    /** The authenticated user. */
    record User() implements CallerSource {}

    /** The client's address. */
    record Address() implements CallerSource {}

    /** A parameter of the query, such as an API key. */
    record Query(String name) implements CallerSource {}

    /** A segment of the path, the first being 1. */
    record Segment(int number) implements CallerSource {}

    /**
     * Reads {@code user}, {@code address}, {@code query:NAME} or {@code path:N}.
     *
     * @throws IllegalArgumentException when it is none of them
     */
    static CallerSource parse(String text) {
        if (text.equals("user")) {
            return new User();
        }
        if (text.equals("address")) {
            return new Address();
        }
        if (text.startsWith("query:") && text.length() > 6) {
            return new Query(text.substring(6));
        }
        if (text.matches("path:[1-9]")) {
            return new Segment(text.charAt(5) - '0');
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" does not tell a caller: give user, address, query:NAME or path:N");
    }

    /** @param target the request's target, as in {@code /v1/homes?key=abc} */
    default Optional<String> caller(String user, String address, String target) {
        Optional<String> found = switch (this) {
            case User() -> Optional.of(user);
            case Address() -> Optional.of(address);
            case Query(String name) -> parameter(target, name);
            case Segment(int number) -> segment(target, number);
        };
        return found.filter(text -> !text.isEmpty() && !text.equals("-"));
    }

    private static Optional<String> parameter(String target, String name) {
        int mark = target.indexOf('?');
        if (mark < 0) {
            return Optional.empty();
        }
        for (String pair : target.substring(mark + 1).split("&")) {
            if (pair.startsWith(name + "=")) {
                try {
                    return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> segment(String target, int number) {
        String path = target.split("\\?", 2)[0];
        String[] segments = path.split("/", -1);
        return number < segments.length ? Optional.of(segments[number]) : Optional.empty();
    }
}
