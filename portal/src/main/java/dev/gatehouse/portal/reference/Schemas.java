package dev.gatehouse.portal.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.portal.reference.Operation.Row;
import dev.gatehouse.portal.reference.Operation.Shape;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** Reads the schemas of a description: types in words, rows for tables, an example where none is written. */
final class Schemas {
    private static final int DEEPEST = 4;
    private static final int MOST_ROWS = 200;

    private final JsonNode document;

    Schemas(JsonNode document) {
        this.document = document;
    }

    /** What a {@code $ref} points to, or the node itself. */
    JsonNode resolve(JsonNode node) {
        JsonNode found = node;
        for (int hops = 0; found.has("$ref") && hops < 16; hops++) {
            found = document.at(found.path("$ref").asText().substring(1));
        }
        return found;
    }

    Shape shape(JsonNode schema, JsonNode written) {
        List<Row> rows = new ArrayList<>();
        rows(schema, 0, rows);
        JsonNode example = written.isMissingNode() ? example(schema, 0) : written;
        return new Shape(rows, example.isMissingNode() ? "" : Text.json(example));
    }

    private void rows(JsonNode given, int depth, List<Row> rows) {
        JsonNode schema = resolve(given);
        if (depth > DEEPEST || rows.size() >= MOST_ROWS) {
            return;
        }
        if (types(schema).contains("array") || schema.has("items")) {
            rows(schema.path("items"), depth, rows);
            return;
        }
        for (String several : List.of("allOf", "oneOf", "anyOf")) {
            schema.path(several).forEach(part -> rows(part, depth, rows));
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").properties().forEach(property -> {
            if (rows.size() < MOST_ROWS) {
                JsonNode field = resolve(property.getValue());
                rows.add(new Row(
                        property.getKey(),
                        depth,
                        type(property.getValue()),
                        required.contains(property.getKey()),
                        property.getValue()
                                .path("description")
                                .asText(field.path("description").asText(""))));
                rows(property.getValue(), depth + 1, rows);
            }
        });
    }

    /** A schema in a few words, as in {@code integer, 1 to 500}. */
    String type(JsonNode given) {
        JsonNode schema = resolve(given);
        StringJoiner text = new StringJoiner(", ");
        List<String> types = types(schema);
        if (types.contains("array")) {
            text.add("list of " + type(schema.path("items")));
        } else if (!types.isEmpty()) {
            text.add(String.join(" or ", types));
        } else if (schema.has("oneOf") || schema.has("anyOf")) {
            text.add("one of several");
        } else {
            text.add(schema.has("properties") ? "object" : "any");
        }
        if (schema.hasNonNull("format")) {
            text.add(schema.path("format").asText());
        }
        if (schema.has("minimum") && schema.has("maximum")) {
            text.add(schema.path("minimum").asText() + " to "
                    + schema.path("maximum").asText());
        } else if (schema.has("minimum")) {
            text.add(schema.path("minimum").asText() + " or more");
        } else if (schema.has("maximum")) {
            text.add("at most " + schema.path("maximum").asText());
        }
        if (schema.has("maxLength")) {
            text.add("at most " + schema.path("maxLength").asText() + " characters");
        }
        return text.toString();
    }

    List<String> choices(JsonNode given) {
        JsonNode schema = resolve(given);
        JsonNode values = schema.has("enum")
                ? schema.path("enum")
                : resolve(schema.path("items")).path("enum");
        List<String> choices = new ArrayList<>();
        values.forEach(value -> choices.add(value.asText()));
        return choices;
    }

    static List<String> types(JsonNode schema) {
        JsonNode declared = schema.path("type");
        List<String> types = new ArrayList<>();
        if (declared.isArray()) {
            declared.forEach(type -> types.add(type.asText()));
        } else if (declared.isTextual()) {
            types.add(declared.asText());
        }
        return types;
    }

    private JsonNode example(JsonNode given, int depth) {
        JsonNode schema = resolve(given);
        if (schema.has("example")) {
            return schema.path("example");
        }
        if (schema.path("examples").isArray() && !schema.path("examples").isEmpty()) {
            return schema.path("examples").get(0);
        }
        if (schema.has("default")) {
            return schema.path("default");
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.path("enum").isArray() && !schema.path("enum").isEmpty()) {
            return schema.path("enum").get(0);
        }
        if (schema.has("properties") && depth <= DEEPEST) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            schema.path("properties")
                    .properties()
                    .forEach(property -> object.set(property.getKey(), example(property.getValue(), depth + 1)));
            return object;
        }
        List<String> types = types(schema);
        if (types.contains("array")) {
            ArrayNode list = Json.MAPPER.createArrayNode();
            if (depth < DEEPEST && schema.has("items")) {
                list.add(example(schema.path("items"), depth + 1));
            }
            return list;
        }
        for (String several : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.path(several).isArray() && !schema.path(several).isEmpty()) {
                return example(schema.path(several).get(0), depth + 1);
            }
        }
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (types.contains("integer")) {
            return nodes.numberNode(schema.path("minimum").asInt(1));
        }
        if (types.contains("number")) {
            return nodes.numberNode(1.5);
        }
        if (types.contains("boolean")) {
            return nodes.booleanNode(true);
        }
        if (types.contains("object")) {
            return Json.MAPPER.createObjectNode();
        }
        return TextNode.valueOf(
                switch (schema.path("format").asText()) {
                    case "date-time" -> "2026-03-01T08:00:00Z";
                    case "date" -> "2026-03-01";
                    case "uri" -> "https://example.com/";
                    default -> "text";
                });
    }
}
