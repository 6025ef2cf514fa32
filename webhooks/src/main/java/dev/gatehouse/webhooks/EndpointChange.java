package dev.gatehouse.webhooks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be different of an endpoint; null leaves a part as it is. */
public record EndpointChange(
        @Nullable String url,
        @Nullable String description,
        @Nullable List<String> eventTypes,
        @Nullable EventFilter filter,
        Endpoint.@Nullable Status status,
        @Nullable Boolean ordered) {

    public EndpointChange(
            @Nullable String url,
            @Nullable String description,
            @Nullable List<String> eventTypes,
            @Nullable EventFilter filter,
            Endpoint.@Nullable Status status) {
        this(url, description, eventTypes, filter, status, null);
    }

    public static EndpointChange to(Endpoint.Status status) {
        return new EndpointChange(null, null, null, null, status);
    }
}
