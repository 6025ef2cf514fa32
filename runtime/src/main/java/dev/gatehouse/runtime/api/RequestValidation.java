package dev.gatehouse.runtime.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.kernel.text.Nearest;
import dev.gatehouse.runtime.http.Request;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds a request against its operation's description; every fault is named, all in one answer. */
final class RequestValidation {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ApiOperation operation;
    private final Map<String, ApiParameter> query = new LinkedHashMap<>();

    RequestValidation(ApiOperation operation) {
        this.operation = operation;
        for (ApiParameter parameter : operation.parameters()) {
            if (parameter.in().equals("query")) {
                query.put(parameter.name(), parameter);
            }
        }
    }

    ApiCall validate(Request request) {
        List<FieldError> faults = new ArrayList<>();
        Map<String, JsonNode> values = new HashMap<>();
        for (Map.Entry<String, List<String>> given : request.query().entrySet()) {
            ApiParameter parameter = query.get(given.getKey());
            if (parameter == null) {
                faults.add(new FieldError(given.getKey(), unknown(given.getKey())));
            } else if (given.getValue().size() > 1) {
                faults.add(new FieldError(
                        given.getKey(), "is given " + given.getValue().size() + " times: give it once"));
            } else {
                take(parameter, given.getValue().getFirst(), values, faults);
            }
        }
        for (ApiParameter parameter : operation.parameters()) {
            String raw =
                    parameter.in().equals("path") ? request.pathParameters().get(parameter.name()) : null;
            if (raw != null) {
                take(parameter, raw, values, faults);
            } else if (parameter.in().equals("query") && !request.query().containsKey(parameter.name())) {
                if (parameter.otherwise() != null) {
                    values.put(parameter.name(), parameter.otherwise());
                } else if (parameter.required()) {
                    faults.add(new FieldError(parameter.name(), "is required"));
                }
            }
        }
        if (!faults.isEmpty()) {
            throw refuse(ProblemCode.INVALID_PARAMETERS, faults);
        }
        return new ApiCall(operation, request, values, body(request));
    }

    private static void take(
            ApiParameter parameter, String raw, Map<String, JsonNode> values, List<FieldError> faults) {
        JsonNode value = read(parameter.type(), parameter.itemType(), raw);
        if (value == null) {
            String what = parameter.type() == ApiParameter.Type.LIST
                    ? "a comma list of " + parameter.itemType().words
                    : parameter.type().words;
            faults.add(new FieldError(parameter.name(), "is \"" + shortened(raw) + "\": must be " + what));
            return;
        }
        Set<ValidationMessage> messages = parameter.schema().validate(value);
        if (messages.isEmpty()) {
            values.put(parameter.name(), value);
        }
        messages.forEach(message -> faults.add(new FieldError(parameter.name(), words(message, shortened(raw)))));
    }

    private static @Nullable JsonNode read(ApiParameter.Type type, ApiParameter.Type item, String raw) {
        try {
            return switch (type) {
                case TEXT -> NODES.textNode(raw);
                case INTEGER -> NODES.numberNode(Long.parseLong(raw));
                case NUMBER -> raw.length() > 40 ? null : NODES.numberNode(new BigDecimal(raw));
                case SWITCH ->
                    switch (raw) {
                        case "true" -> NODES.booleanNode(true);
                        case "false" -> NODES.booleanNode(false);
                        default -> null;
                    };
                case LIST -> {
                    ArrayNode list = NODES.arrayNode();
                    for (String part : raw.split(",", -1)) {
                        JsonNode value = item == ApiParameter.Type.LIST ? null : read(item, item, part.strip());
                        if (value == null) {
                            yield null;
                        }
                        list.add(value);
                    }
                    yield list;
                }
            };
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable JsonNode body(Request request) {
        if (operation.bodies().isEmpty()) {
            return null;
        }
        String type = request.header("content-type")
                .orElse("application/json")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        JsonSchema schema = operation.bodies().get(type);
        if (schema == null) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "This operation takes "
                            + String.join(", ", operation.bodies().keySet()) + ", not " + shortened(type) + ".");
        }
        if (!type.endsWith("json")) {
            return null;
        }
        boolean empty = !operation.bodyRequired()
                && request.header("content-length").orElse("0").equals("0")
                && request.header("transfer-encoding").isEmpty();
        if (empty) {
            return NODES.objectNode();
        }
        JsonNode body = request.json();
        List<FieldError> faults = schema.validate(body).stream()
                .map(message -> new FieldError(field(message), words(message, null)))
                .toList();
        if (!faults.isEmpty()) {
            throw refuse(ProblemCode.INVALID_BODY, faults);
        }
        return body;
    }

    private static ProblemException refuse(ProblemCode code, List<FieldError> faults) {
        String names =
                faults.stream().map(FieldError::field).distinct().limit(10).collect(Collectors.joining(", "));
        return Problem.of(code, "Not valid: " + names + ". See errors for each.", faults)
                .asException();
    }

    private static String field(ValidationMessage message) {
        String path = message.getInstanceLocation()
                .toString()
                .replaceFirst("^[$/]\\.?", "")
                .replace('/', '.');
        String property = message.getProperty();
        if (property != null && !property.isEmpty()) {
            return path.isEmpty() ? property : path + "." + property;
        }
        return path.isEmpty() ? "body" : path;
    }

    private static String words(ValidationMessage message, @Nullable String given) {
        String text = message.getMessage();
        String location = message.getInstanceLocation().toString() + ": ";
        String said = text.startsWith(location) ? text.substring(location.length()) : text;
        return given == null ? said : "is \"" + given + "\": " + said;
    }

    private String unknown(String name) {
        Set<String> known = new TreeSet<>(query.keySet());
        return Nearest.to(name, known)
                .map(nearest -> "is not a parameter here: did you mean " + nearest + "?")
                .orElseGet(() -> known.isEmpty()
                        ? "is not a parameter here: this operation takes none"
                        : "is not a parameter here: known are " + String.join(", ", known));
    }

    private static String shortened(String raw) {
        return raw.length() <= 80 ? raw : raw.substring(0, 77) + "...";
    }
}
