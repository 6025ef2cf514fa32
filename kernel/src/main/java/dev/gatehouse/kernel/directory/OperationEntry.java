package dev.gatehouse.kernel.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a service's description.
 *
 * @param id the description's {@code operationId}
 * @param method upper case
 * @param path the template, as in {@code /v2/listings/{listingKey}}
 * @param version the API version it belongs to, as in {@code v2}
 * @param cost {@code x-cost}: units that a call consumes; 0 for a call that is free
 * @param scope {@code x-scope}; null for the route's own
 * @param parameters names of its query parameters
 */
public record OperationEntry(
        String id,
        String method,
        String path,
        String version,
        int cost,
        @Nullable String scope,
        List<String> parameters,
        boolean deprecated) {

    public OperationEntry {
        parameters = List.copyOf(parameters);
    }
}
