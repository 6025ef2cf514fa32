package dev.gatehouse.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.api.ApiDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What holds for every change that an operator makes: it says which roles may make it, can be tried ({@code dryRun}), is told
 * why ({@code reason}), and is made once however often it is sent ({@code Idempotency-Key}). A description that lacks one of
 * them is not served.
 */
public final class ChangeContract {
    private static final Set<String> NEEDED = Set.of("dryRun", "reason", "Idempotency-Key");
    /** In a description: it asks by POST, for what does not fit into an address, and changes nothing. */
    private static final String READS = "x-reads";

    private ChangeContract() {}

    /** What is missing, in sentences; empty when nothing is. */
    public static List<String> faults(ApiDescription description) {
        List<String> faults = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path :
                description.document().path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (!operation.getKey().equals("parameters")) {
                    check(description.document(), path, operation, faults);
                }
            }
        }
        return faults;
    }

    private static void check(
            JsonNode document,
            Map.Entry<String, JsonNode> path,
            Map.Entry<String, JsonNode> operation,
            List<String> into) {
        JsonNode described = operation.getValue();
        String id = described.path("operationId").asText();
        if (described.path("x-roles").isEmpty()) {
            into.add(id + " names no roles");
        }
        if (isReading(operation.getKey(), described)) {
            return;
        }
        Set<String> missing = new HashSet<>(NEEDED);
        for (JsonNode list : List.of(path.getValue().path("parameters"), described.path("parameters"))) {
            for (JsonNode parameter : list) {
                missing.remove(resolved(document, parameter).path("name").asText());
            }
        }
        missing.stream().sorted().forEach(name -> into.add(id + " takes no " + name));
    }

    private static boolean isReading(String method, JsonNode described) {
        return method.equals("get") || described.path(READS).asBoolean();
    }

    private static JsonNode resolved(JsonNode document, JsonNode parameter) {
        String reference = parameter.path("$ref").asText("");
        return reference.startsWith("#") ? document.at(reference.substring(1)) : parameter;
    }

    /**
     * @param reading operations that are served as such that change nothing
     * @throws IllegalArgumentException when the description lacks something, or a change is served as none
     */
    static void require(ApiDescription description, Set<String> reading) {
        List<String> faults = new ArrayList<>(faults(description));
        for (JsonNode path : description.document().path("paths")) {
            for (Map.Entry<String, JsonNode> operation : path.properties()) {
                String id = operation.getValue().path("operationId").asText();
                if (reading.contains(id) && !isReading(operation.getKey(), operation.getValue())) {
                    faults.add(id + " is served as if it changed nothing");
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("The admin API cannot serve this: " + String.join("; ", faults));
        }
    }
}
