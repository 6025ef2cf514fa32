package dev.gatehouse.webhooks.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.text.Nearest;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.EventType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The events that endpoints can ask for. */
public final class Catalogue {
    private static final String RESOURCE = "/dev/gatehouse/webhooks/event-types.yaml";
    private static final int NEAR = 6;

    private final Map<String, EventType> types = new LinkedHashMap<>();

    public Catalogue() {
        try (InputStream in = Objects.requireNonNull(Catalogue.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            for (JsonNode type : Json.YAML.readTree(in)) {
                EventType read = new EventType(
                        type.path("name").asText(),
                        type.path("description").asText(),
                        Json.text(type.path("schema")),
                        Json.text(type.path("example")));
                types.put(read.name(), read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the catalogue of events cannot be read", e);
        }
    }

    public List<EventType> all() {
        return new ArrayList<>(types.values());
    }

    public Optional<EventType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /** What is wrong with a name, with the nearest right one. */
    String unknown(String name) {
        String nearest = types.keySet().stream()
                .min((a, b) -> Integer.compare(Nearest.edits(name, a), Nearest.edits(name, b)))
                .orElseThrow();
        return Nearest.edits(name, nearest) <= NEAR
                ? "there is no event type " + name + ": did you mean " + nearest + "?"
                : "there is no event type " + name + ": see GET /v2/webhooks/event-types";
    }
}
