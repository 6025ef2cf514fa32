package dev.gatehouse.gateway.route;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param route whose it is
 * @param id the description's operation id
 * @param version as in {@code v2}
 * @param cost units
 * @param scope what a key must hold; null for none
 * @param parameters names of its query parameters; empty when the route has no description
 */
public record Operation(
        Route route,
        String id,
        String version,
        int cost,
        @Nullable String scope,
        Set<String> parameters) {
    public Operation {
        parameters = Set.copyOf(parameters);
    }
}
