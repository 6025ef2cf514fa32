package dev.gatehouse.webhooks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as it is asked for.
 *
 * @param eventTypes empty for every type
 * @param secret {@code whsec_…} of the owner's own; null for a new one
 */
public record NewEndpoint(
        String url,
        String description,
        List<String> eventTypes,
        EventFilter filter,
        @Nullable String secret) {
    public NewEndpoint {
        eventTypes = List.copyOf(eventTypes);
    }

    public static NewEndpoint of(String url, String... eventTypes) {
        return new NewEndpoint(url, "", List.of(eventTypes), EventFilter.EVERYTHING, null);
    }
}
