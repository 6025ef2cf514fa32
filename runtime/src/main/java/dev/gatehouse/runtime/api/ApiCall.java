package dev.gatehouse.runtime.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.runtime.http.Request;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that keeps to its operation's description.
 *
 * @param parameters by name, typed, defaults filled in; of path and query
 * @param body the valid JSON body; null when the operation takes none, or another media type
 */
public record ApiCall(
        ApiOperation operation,
        Request request,
        Map<String, JsonNode> parameters,
        @Nullable JsonNode body) {

    public CallerIdentity caller() {
        return request.caller();
    }

    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name)).map(JsonNode::asText);
    }

    public Optional<Integer> integer(String name) {
        return Optional.ofNullable(parameters.get(name)).map(JsonNode::asInt);
    }

    public Optional<Long> number(String name) {
        return Optional.ofNullable(parameters.get(name)).map(JsonNode::asLong);
    }

    public Optional<BigDecimal> decimal(String name) {
        return Optional.ofNullable(parameters.get(name)).map(JsonNode::decimalValue);
    }

    /** Whether a switch was given as {@code true}. */
    public boolean isOn(String name) {
        JsonNode value = parameters.get(name);
        return value != null && value.asBoolean();
    }

    /** A comma list's items; empty when it was not given. */
    public List<String> list(String name) {
        List<String> items = new ArrayList<>();
        JsonNode value = parameters.get(name);
        if (value != null) {
            value.forEach(item -> items.add(item.asText()));
        }
        return items;
    }

    /** The body. @throws IllegalStateException when the description demands none, so that there may be none */
    public JsonNode json() {
        if (body == null) {
            throw new IllegalStateException(operation.id() + " does not require a JSON body");
        }
        return body;
    }
}
