package dev.gatehouse.runtime.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAPI 3.1 description, compiled: the source of truth for paths, operation ids, costs, scopes and the shapes of
 * requests and answers. {@code $ref} may point anywhere inside the document.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.0">OpenAPI 3.1</a>
 */
public final class ApiDescription {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final String BASE = "https://gatehouse.invalid/description";

    private static final Map<String, ApiDescription> RESOURCES = new ConcurrentHashMap<>();

    private final String text;
    private final JsonNode document;
    private final JsonSchema root;
    private final Map<String, ApiOperation> operations = new LinkedHashMap<>();

    private ApiDescription(String text) throws IOException {
        this.text = text;
        this.document = Json.YAML.readTree(text);
        if (document == null || !document.path("openapi").asText().startsWith("3.1")) {
            throw new IllegalArgumentException("the description must say openapi: 3.1.x");
        }
        String asJson = Json.text(document);
        this.root = JsonSchemaFactory.getInstance(
                        SpecVersion.VersionFlag.V202012,
                        builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(BASE, asJson))))
                .getSchema(
                        SchemaLocation.of(BASE),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .locale(Locale.ROOT)
                                .build());
        compile();
    }

    /** @throws IllegalArgumentException when the text is not a description that can be served; says where */
    public static ApiDescription parse(String text) {
        try {
            return new ApiDescription(text);
        } catch (IOException e) {
            throw new IllegalArgumentException("the description is not YAML or JSON: " + e.getMessage(), e);
        }
    }

    /** Reads a resource beside {@code owner}; once in a process, since several of its parts may ask. */
    public static ApiDescription resource(Class<?> owner, String name) {
        return RESOURCES.computeIfAbsent(owner.getName() + "/" + name, key -> read(owner, name));
    }

    private static ApiDescription read(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name + " beside " + owner.getName());
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document as it was given. */
    public String text() {
        return text;
    }

    public JsonNode document() {
        return document;
    }

    /** In the document's order. */
    public List<ApiOperation> operations() {
        return List.copyOf(operations.values());
    }

    /** @throws IllegalArgumentException when there is none */
    public ApiOperation operation(String id) {
        ApiOperation operation = operations.get(id);
        if (operation == null) {
            throw new IllegalArgumentException("the description has no operation " + id);
        }
        return operation;
    }

    /**
     * What is wrong with an answer by this description; empty when it keeps to it.
     *
     * @param contentType may carry parameters
     */
    public List<String> faults(String operationId, int status, String contentType, String body) {
        Map<String, Map<String, @Nullable JsonSchema>> answers =
                operation(operationId).answers();
        Map<String, @Nullable JsonSchema> byType = answers.get(Integer.toString(status));
        if (byType == null) {
            byType = answers.get("default");
        }
        if (byType == null) {
            return List.of(operationId + " does not describe an answer with status " + status);
        }
        if (byType.isEmpty()) {
            return body.isEmpty() ? List.of() : List.of(operationId + " describes no body for status " + status);
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!byType.containsKey(type)) {
            return List.of(operationId + " does not describe " + type + " for status " + status);
        }
        JsonSchema schema = byType.get(type);
        if (schema == null || !type.endsWith("json")) {
            return List.of();
        }
        return schema.validate(Json.tree(body)).stream().map(Object::toString).toList();
    }

    private void compile() {
        document.path("paths").properties().forEach(path -> {
            List<JsonNode> shared = new ArrayList<>();
            path.getValue().path("parameters").forEach(shared::add);
            path.getValue().properties().forEach(method -> {
                if (METHODS.contains(method.getKey())) {
                    ApiOperation operation =
                            operation(path.getKey(), method.getKey(), method.getValue(), shared.size());
                    if (operations.putIfAbsent(operation.id(), operation) != null) {
                        throw new IllegalArgumentException("two operations have the id " + operation.id());
                    }
                }
            });
        });
    }

    private ApiOperation operation(String path, String method, JsonNode node, int shared) {
        String where = "/paths/" + escape(path) + "/" + method;
        String id = node.path("operationId").asText("");
        if (id.isEmpty()) {
            throw new IllegalArgumentException(method.toUpperCase(Locale.ROOT) + " " + path + " lacks an operationId");
        }
        JsonNode cost = node.path("x-cost");
        if (!cost.isMissingNode() && !(cost.isIntegralNumber() && cost.asInt() >= 0 && cost.asInt() <= 1_000_000)) {
            throw new IllegalArgumentException(id + ": x-cost is " + cost + ": must be a whole number, 0 to 1000000");
        }
        List<ApiParameter> parameters = new ArrayList<>();
        for (int i = 0; i < shared; i++) {
            parameters.add(parameter("/paths/" + escape(path) + "/parameters/" + i));
        }
        for (int i = 0; i < node.path("parameters").size(); i++) {
            parameters.add(parameter(where + "/parameters/" + i));
        }
        Map<String, JsonSchema> bodies = new LinkedHashMap<>();
        Located body = resolve(where + "/requestBody");
        body.node().path("content").properties().forEach(type -> {
            if (type.getValue().has("schema")) {
                bodies.put(type.getKey(), schema(body.pointer() + "/content/" + escape(type.getKey()) + "/schema"));
            }
        });
        Map<String, Map<String, @Nullable JsonSchema>> answers = new LinkedHashMap<>();
        node.path("responses").properties().forEach(answer -> {
            Located located = resolve(where + "/responses/" + answer.getKey());
            Map<String, @Nullable JsonSchema> types = new LinkedHashMap<>();
            located.node()
                    .path("content")
                    .properties()
                    .forEach(type -> types.put(
                            type.getKey(),
                            type.getValue().has("schema")
                                    ? schema(located.pointer() + "/content/" + escape(type.getKey()) + "/schema")
                                    : null));
            answers.put(answer.getKey(), types);
        });
        return new ApiOperation(
                id,
                method.toUpperCase(Locale.ROOT),
                path,
                cost.asInt(1),
                node.hasNonNull("x-scope") ? node.path("x-scope").asText() : null,
                node.path("deprecated").asBoolean(),
                List.copyOf(parameters),
                body.node().path("required").asBoolean(),
                bodies,
                answers);
    }

    private ApiParameter parameter(String pointer) {
        Located parameter = resolve(pointer);
        JsonNode node = parameter.node();
        Located schema = resolve(parameter.pointer() + "/schema");
        ApiParameter.Type type = type(schema.node());
        ApiParameter.Type item = type == ApiParameter.Type.LIST
                ? type(resolve(schema.pointer() + "/items").node())
                : type;
        return new ApiParameter(
                node.path("name").asText(),
                node.path("in").asText(),
                node.path("required").asBoolean(),
                type,
                item,
                schema(parameter.pointer() + "/schema"),
                schema.node().get("default"));
    }

    private static ApiParameter.Type type(JsonNode schema) {
        Set<String> types = new TreeSet<>();
        JsonNode declared = schema.path("type");
        if (declared.isArray()) {
            declared.forEach(type -> types.add(type.asText()));
        } else {
            types.add(declared.asText("string"));
        }
        if (types.contains("array")) {
            return ApiParameter.Type.LIST;
        }
        if (types.contains("integer")) {
            return ApiParameter.Type.INTEGER;
        }
        if (types.contains("number")) {
            return ApiParameter.Type.NUMBER;
        }
        return types.contains("boolean") ? ApiParameter.Type.SWITCH : ApiParameter.Type.TEXT;
    }

    private record Located(String pointer, JsonNode node) {}

    private Located resolve(String pointer) {
        String at = pointer;
        JsonNode node = document.at(at);
        for (int hops = 0; node.has("$ref") && hops < 16; hops++) {
            String reference = node.path("$ref").asText();
            if (!reference.startsWith("#/")) {
                throw new IllegalArgumentException(at + ": $ref must point inside the document, not to " + reference);
            }
            at = reference.substring(1);
            node = document.at(at);
            if (node.isMissingNode()) {
                throw new IllegalArgumentException(pointer + ": $ref " + reference + " points to nothing");
            }
        }
        return new Located(at, node == null ? MissingNode.getInstance() : node);
    }

    /** Out of the one tree of the document: asked for by its address, each schema would be read from a tree of its own. */
    private JsonSchema schema(String pointer) {
        JsonSchema schema = root.getRefSchema(
                SchemaLocation.of(BASE + "#" + pointer.replace("{", "%7B").replace("}", "%7D"))
                        .getFragment());
        schema.initializeValidators();
        return schema;
    }

    private static String escape(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }
}
