package dev.gatehouse.gateway.route;

import java.util.List;

/** Where a request belongs. */
public sealed interface RouteMatch {

    /** @param prefixLength characters of the path that the matched prefix takes */
    record Found(Operation operation, int prefixLength) implements RouteMatch {}

    /** The path is there, with other methods. */
    record OtherMethods(List<String> allowed) implements RouteMatch {
        public OtherMethods {
            allowed = List.copyOf(allowed);
        }
    }

    /** No route, or no operation of the route's description, has this path. */
    record Nowhere() implements RouteMatch {}
}
