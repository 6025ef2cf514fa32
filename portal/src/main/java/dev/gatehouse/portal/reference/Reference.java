package dev.gatehouse.portal.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.portal.PublishedApi;
import dev.gatehouse.portal.reference.Operation.Answer;
import dev.gatehouse.portal.reference.Operation.Parameter;
import dev.gatehouse.portal.reference.Operation.Shape;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiOperation;
import dev.gatehouse.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every description that the gateway serves by, read once, when a page first asks. */
public final class Reference {
    /**
     * One description.
     *
     * @param name within the reference, as in {@code listings-v2}
     * @param json the document, with the portal's own {@code /try} as its server
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Api(
            String name, String title, String version, String description, List<Operation> operations, byte[] json) {}

    private record Content(Map<String, Api> apis, Map<String, Operation> operations) {}

    private final Supplier<List<PublishedApi>> published;
    private @Nullable Content content;

    public Reference(Supplier<List<PublishedApi>> published) {
        this.published = published;
    }

    private synchronized Content content() {
        Content known = content;
        if (known == null) {
            known = new Content(new LinkedHashMap<>(), new LinkedHashMap<>());
            for (PublishedApi one : published.get()) {
                Api api = read(one);
                known.apis().put(api.name(), api);
                for (Operation operation : api.operations()) {
                    known.operations().putIfAbsent(operation.id(), operation);
                }
            }
            content = known;
        }
        return known;
    }

    public List<Api> apis() {
        return List.copyOf(content().apis().values());
    }

    public Optional<Api> api(String name) {
        return Optional.ofNullable(content().apis().get(name));
    }

    public Optional<Operation> operation(String id) {
        return Optional.ofNullable(content().operations().get(id));
    }

    /** Services that keys can be limited to, as the descriptions name them. */
    public List<String> scopes() {
        return content().operations().values().stream()
                .map(Operation::scope)
                .filter(scope -> !scope.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    /** Operations that hold every word of a question. */
    public List<Operation> search(String question) {
        List<String> words = List.of(question.toLowerCase(Locale.ROOT).strip().split("\\s+"));
        return content().operations().values().stream()
                .filter(operation -> words.stream().allMatch(operation.words()::contains))
                .toList();
    }

    private static Api read(PublishedApi published) {
        ApiDescription description = published.description();
        JsonNode document = description.document();
        JsonNode info = document.path("info");
        String version = info.path("version").asText("").replaceFirst("^(?=[0-9])", "v");
        String title = info.path("title").asText("API").replaceFirst("^Gatehouse ", "");
        String capital = title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
        String name = (title + "-" + version).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        Schemas schemas = new Schemas(document);
        List<Operation> operations = new ArrayList<>();
        for (ApiOperation operation : description.operations()) {
            operations.add(operation(name, published.service(), operation, document, schemas));
        }
        return new Api(
                name,
                capital,
                version,
                info.path("description").asText("").strip(),
                List.copyOf(operations),
                json(document));
    }

    private static Operation operation(
            String api, String service, ApiOperation compiled, JsonNode document, Schemas schemas) {
        JsonNode path = document.path("paths").path(compiled.path());
        JsonNode node = path.path(compiled.method().toLowerCase(Locale.ROOT));
        List<Parameter> parameters = new ArrayList<>();
        path.path("parameters").forEach(parameter -> parameters.add(parameter(schemas.resolve(parameter), schemas)));
        node.path("parameters").forEach(parameter -> parameters.add(parameter(schemas.resolve(parameter), schemas)));
        Map<String, Shape> bodies = bodies(schemas.resolve(node.path("requestBody")), schemas);
        List<Answer> answers = new ArrayList<>();
        node.path("responses").properties().forEach(answer -> {
            JsonNode found = schemas.resolve(answer.getValue());
            answers.add(new Answer(answer.getKey(), found.path("description").asText(""), bodies(found, schemas)));
        });
        return new Operation(
                compiled.id(),
                api,
                compiled.method(),
                compiled.path(),
                node.path("summary").asText(compiled.id()),
                node.path("description").asText("").strip(),
                compiled.cost(),
                compiled.scope() == null ? service : compiled.scope(),
                compiled.deprecated(),
                List.copyOf(parameters),
                bodies,
                List.copyOf(answers));
    }

    private static Parameter parameter(JsonNode node, Schemas schemas) {
        JsonNode schema = node.path("schema");
        return new Parameter(
                node.path("name").asText(),
                node.path("in").asText(),
                node.path("required").asBoolean(),
                schemas.type(schema),
                node.path("description")
                        .asText(schemas.resolve(schema).path("description").asText("")),
                schemas.resolve(schema).path("default").asText(""),
                schemas.choices(schema));
    }

    private static Map<String, Shape> bodies(JsonNode holder, Schemas schemas) {
        Map<String, Shape> bodies = new LinkedHashMap<>();
        holder.path("content").properties().forEach(type -> {
            if (type.getValue().has("schema")) {
                bodies.put(
                        type.getKey(),
                        schemas.shape(
                                type.getValue().path("schema"), type.getValue().path("example")));
            }
        });
        return bodies;
    }

    private static byte[] json(JsonNode document) {
        ObjectNode copy = document.deepCopy();
        copy.putArray("servers")
                .addObject()
                .put("url", "/try")
                .put("description", "tried in the portal, with your organisation’s test key");
        return Json.text(copy).getBytes(StandardCharsets.UTF_8);
    }
}
