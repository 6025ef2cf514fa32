package dev.gatehouse.runtime.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value whose path template fits a path. Templates are OpenAPI's ({@code /v2/listings/{listingKey}}); a last
 * segment {@code {name+}} takes the rest of the path. A literal segment wins over a parameter, as OpenAPI's "Path
 * Templating Matching" demands. Built once, then safe to read from any thread.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.0#path-templating-matching">OpenAPI 3.1, Paths Object</a>
 */
public final class PathTemplates<T> {

    /**
     * @param template as it was added
     * @param names of the template's parameters, in order
     * @param parameters their raw (not percent-decoded) values
     */
    public record Match<T>(T value, String template, List<String> names, List<String> parameters) {}

    private record Leaf<T>(T value, String template, List<String> names) {}

    private static final class Node<T> {
        final Map<String, Node<T>> literals = new HashMap<>();

        @Nullable
        Node<T> parameter;

        @Nullable
        Leaf<T> here;

        @Nullable
        Leaf<T> rest;
    }

    private final Node<T> root = new Node<>();

    /** @throws IllegalArgumentException when the template is malformed or one that fits the same paths is there */
    public void add(String template, T value) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("the path template " + template + " must start with /");
        }
        Node<T> node = root;
        List<String> names = new ArrayList<>();
        for (String segment : template.substring(1).split("/", -1)) {
            if (segment.startsWith("{") && segment.endsWith("+}")) {
                names.add(segment.substring(1, segment.length() - 2));
                if (node.rest != null || !template.endsWith(segment)) {
                    throw new IllegalArgumentException("the path template " + template + " is ambiguous");
                }
                node.rest = new Leaf<>(value, template, List.copyOf(names));
                return;
            }
            if (segment.startsWith("{") && segment.endsWith("}")) {
                names.add(segment.substring(1, segment.length() - 1));
                if (node.parameter == null) {
                    node.parameter = new Node<>();
                }
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node<>());
            }
        }
        if (node.here != null) {
            throw new IllegalArgumentException(
                    "the path templates " + template + " and " + node.here.template + " fit the same paths");
        }
        node.here = new Leaf<>(value, template, List.copyOf(names));
    }

    /** @param path without query, starting with {@code /} */
    public @Nullable Match<T> find(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return null;
        }
        List<String> parameters = new ArrayList<>(2);
        Leaf<T> leaf = find(root, path, 1, parameters);
        return leaf == null ? null : new Match<>(leaf.value, leaf.template, leaf.names, parameters);
    }

    private static <T> @Nullable Leaf<T> find(Node<T> node, String path, int start, List<String> parameters) {
        int end = path.indexOf('/', start);
        boolean last = end < 0;
        String segment = last ? path.substring(start) : path.substring(start, end);
        Node<T> literal = node.literals.get(segment);
        if (literal != null) {
            Leaf<T> found = last ? literal.here : find(literal, path, end + 1, parameters);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter != null && !segment.isEmpty()) {
            int mark = parameters.size();
            parameters.add(segment);
            Leaf<T> found = last ? node.parameter.here : find(node.parameter, path, end + 1, parameters);
            if (found != null) {
                return found;
            }
            while (parameters.size() > mark) {
                parameters.removeLast();
            }
        }
        if (node.rest != null) {
            parameters.add(path.substring(start));
            return node.rest;
        }
        return null;
    }
}
