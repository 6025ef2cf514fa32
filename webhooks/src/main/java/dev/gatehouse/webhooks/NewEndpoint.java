package dev.gatehouse.webhooks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as it is asked for.
 *
 * @param eventTypes empty for every type
 * @param secret {@code whsec_…} or {@code whsk_…} of the owner's own, by its scheme; null for a new one
 * @param ordered whether deliveries about one property are made one after another
 */
public record NewEndpoint(
        String url,
        String description,
        List<String> eventTypes,
        EventFilter filter,
        @Nullable String secret,
        Endpoint.Scheme scheme,
        boolean ordered) {
    public NewEndpoint {
        eventTypes = List.copyOf(eventTypes);
    }

    /** Signed with a shared secret, in no order. */
    public NewEndpoint(
            String url, String description, List<String> eventTypes, EventFilter filter, @Nullable String secret) {
        this(url, description, eventTypes, filter, secret, Endpoint.Scheme.V1, false);
    }

    public NewEndpoint signed(Endpoint.Scheme with) {
        return new NewEndpoint(url, description, eventTypes, filter, secret, with, ordered);
    }

    public NewEndpoint inOrder() {
        return new NewEndpoint(url, description, eventTypes, filter, secret, scheme, true);
    }

    public static NewEndpoint of(String url, String... eventTypes) {
        return new NewEndpoint(url, "", List.of(eventTypes), EventFilter.EVERYTHING, null);
    }
}
