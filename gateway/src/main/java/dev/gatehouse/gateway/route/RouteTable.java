package dev.gatehouse.gateway.route;

import dev.gatehouse.gateway.route.RouteMatch.Found;
import dev.gatehouse.gateway.route.RouteMatch.Nowhere;
import dev.gatehouse.gateway.route.RouteMatch.OtherMethods;
import dev.gatehouse.kernel.directory.OperationEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.route.PathTemplate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All routes, compiled. The longest prefix that ends at a segment of the path wins; within a route, the description's
 * templates decide, and a literal segment beats a parameter. Routes with descriptions may share a prefix: each path belongs to
 * the one whose templates it fits. Immutable.
 */
public final class RouteTable {
    private static final Nowhere NOWHERE = new Nowhere();

    /** What a route without a description takes: those of RFC 9110 that ask a service for something, and PATCH. */
    private static final Set<String> OPEN_METHODS = Set.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

    private static final OtherMethods OPEN =
            new OtherMethods(OPEN_METHODS.stream().sorted().toList());

    /** Both say something about the connection, or show what the gateway added: no route can declare them. */
    private static final Set<String> NEVER = Set.of("CONNECT", "TRACE");

    private static final RouteTable EMPTY = new RouteTable(List.of());

    private final List<Prefix> prefixes = new ArrayList<>();

    public RouteTable(List<Route> routes) {
        for (Route route : routes) {
            Templates templates = new Templates(route);
            for (String prefix : route.entry().prefixes()) {
                String trimmed = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
                prefixes.add(new Prefix(PathForm.ofDeclared(trimmed), templates));
            }
        }
        prefixes.sort(Comparator.comparingInt((Prefix p) -> p.text.length())
                .reversed()
                .thenComparing(p -> p.text));
    }

    public static RouteTable empty() {
        return EMPTY;
    }

    private record Prefix(String text, Templates templates) {
        boolean holds(String path) {
            return path.startsWith(text) && (path.length() == text.length() || path.charAt(text.length()) == '/');
        }
    }

    /** @param path in the normal form of {@link RequestTarget} */
    public RouteMatch match(String method, String path) {
        for (int i = 0; i < prefixes.size(); i++) {
            Prefix prefix = prefixes.get(i);
            if (prefix.holds(path)) {
                RouteMatch match = prefix.templates.match(method, path, prefix.text.length());
                return match instanceof Found ? match : shared(i, match, method, path);
            }
        }
        return NOWHERE;
    }

    /** What the other routes of the same prefix say to a path that is not the first one's. */
    private RouteMatch shared(int first, RouteMatch otherwise, String method, String path) {
        String text = prefixes.get(first).text;
        RouteMatch best = otherwise;
        for (int i = first + 1; i < prefixes.size() && prefixes.get(i).text.equals(text); i++) {
            RouteMatch match = prefixes.get(i).templates.match(method, path, text.length());
            if (match instanceof Found) {
                return match;
            }
            if (best instanceof Nowhere) {
                best = match;
            }
        }
        return best;
    }

    /** The operations of one route, as a tree of path segments. */
    private static final class Templates {
        private final Route route;
        private final boolean open;
        private final Node root = new Node();
        private final Map<String, Found> byMethod = new ConcurrentHashMap<>();

        Templates(Route route) {
            this.route = route;
            open = route.entry().operations().isEmpty();
            for (OperationEntry operation : route.entry().operations()) {
                if (NEVER.contains(operation.method())) {
                    continue;
                }
                String scope = operation.scope() == null ? route.entry().scope() : operation.scope();
                root.add(
                        operation.path(),
                        operation.method(),
                        new Operation(
                                route,
                                operation.id(),
                                operation.version(),
                                operation.cost(),
                                scope,
                                Set.copyOf(operation.parameters())));
            }
        }

        RouteMatch match(String method, String path, int prefixLength) {
            if (open) {
                if (!OPEN_METHODS.contains(method)) {
                    return OPEN;
                }
                Found found = byMethod.get(method);
                return found != null ? found : openOperation(method, prefixLength);
            }
            Node node = root.find(path, 1);
            if (node == null) {
                return NOWHERE;
            }
            Operation operation = node.operations.get(method);
            if (operation == null && method.equals("HEAD")) {
                operation = node.operations.get("GET");
            }
            return operation == null ? new OtherMethods(allowed(node.operations)) : new Found(operation, prefixLength);
        }

        private Found openOperation(String method, int prefixLength) {
            RouteEntry entry = route.entry();
            Found found = new Found(
                    new Operation(
                            route,
                            entry.name() + "." + method,
                            version(entry),
                            entry.defaultCost(),
                            entry.scope(),
                            Set.of()),
                    prefixLength);
            if (entry.prefixes().size() == 1) {
                byMethod.put(method, found);
            }
            return found;
        }

        private static List<String> allowed(Map<String, Operation> operations) {
            Set<String> methods = new TreeSet<>(operations.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            return List.copyOf(methods);
        }

        /** The version that the prefix starts with, as in {@code /v2/…}; v1 when it has none. */
        private static String version(RouteEntry entry) {
            String prefix = entry.prefixes().getFirst();
            int end = prefix.indexOf('/', 1);
            String first = prefix.substring(1, end < 0 ? prefix.length() : end);
            return first.matches("v[0-9]{1,4}") ? first : "v1";
        }
    }

    private static final class Node {
        private final Map<String, Node> literals = new TreeMap<>();
        private final Map<String, Operation> operations = new TreeMap<>();
        private String[] names = {};
        private Node[] nodes = {};
        private @Nullable Node parameter;

        void add(String template, String method, Operation operation) {
            Node node = this;
            for (PathTemplate.Segment segment : PathTemplate.parse(template).segments()) {
                node = switch (segment) {
                    case PathTemplate.Parameter parameter -> node.parameter();
                    case PathTemplate.Literal literal -> node.literal(PathForm.ofDeclared(literal.text()));
                };
            }
            node.operations.put(method, operation);
        }

        private Node parameter() {
            Node known = parameter;
            if (known == null) {
                known = new Node();
                parameter = known;
            }
            return known;
        }

        private Node literal(String segment) {
            Node node = literals.computeIfAbsent(segment, s -> new Node());
            names = literals.keySet().toArray(String[]::new);
            nodes = literals.values().toArray(Node[]::new);
            return node;
        }

        /** The node of the path from {@code start}, the first character of a segment, on. */
        @Nullable
        Node find(String path, int start) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            for (int i = 0; i < names.length; i++) {
                String name = names[i];
                if (name.length() == end - start && path.startsWith(name, start)) {
                    Node found = slash < 0 ? nodes[i].ifOperation() : nodes[i].find(path, slash + 1);
                    if (found != null) {
                        return found;
                    }
                }
            }
            if (parameter != null && end > start) {
                return slash < 0 ? parameter.ifOperation() : parameter.find(path, slash + 1);
            }
            return null;
        }

        private @Nullable Node ifOperation() {
            return operations.isEmpty() ? null : this;
        }
    }
}
