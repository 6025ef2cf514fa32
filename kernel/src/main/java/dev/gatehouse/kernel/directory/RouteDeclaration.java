package dev.gatehouse.kernel.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route as an operator, a file or a service states it; the directory compiles it to a {@link RouteEntry}. Declaring a
 * route of the same name again replaces it.
 *
 * @param description an OpenAPI 3.1 description as YAML or JSON text, whose operations carry {@code x-cost} (1 when absent)
 *     and {@code x-scope}; null for a service without one
 * @param defaultCost units of a call when there is no description
 * @see RouteEntry for the meaning of the other parts
 */
public record RouteDeclaration(
        String name,
        String service,
        List<String> prefixes,
        @Nullable String description,
        List<PoolEntry> pools,
        @Nullable String scope,
        int defaultCost,
        boolean stripPrefix,
        int connectTimeoutMillis,
        int responseTimeoutMillis) {

    public RouteDeclaration {
        prefixes = List.copyOf(prefixes);
        pools = List.copyOf(pools);
    }

    /** A route of one pool at one address with the usual timeouts: 1 s to connect, 30 s to answer. */
    public static RouteDeclaration of(
            String name, String service, List<String> prefixes, @Nullable String description, String target) {
        return new RouteDeclaration(
                name,
                service,
                prefixes,
                description,
                List.of(new PoolEntry("default", List.of(target), null, 0)),
                service,
                1,
                false,
                1_000,
                30_000);
    }
}
