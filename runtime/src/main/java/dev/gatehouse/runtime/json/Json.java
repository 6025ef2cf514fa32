package dev.gatehouse.runtime.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which records become JSON and back: instants as RFC 3339, ids as text, enums by their names, numbers with the
 * digits that they were written with, in trees too: {@code 103000.00} does not come out as {@code 1.03E+5}.
 */
public final class Json {
    /** The shared mapper; unknown fields are ignored, as processes of neighbouring releases talk to each other. */
    public static final ObjectMapper MAPPER = configure(JsonMapper.builder().build());

    /** Reads YAML by the same rules. */
    public static final ObjectMapper YAML = configure(new ObjectMapper(new YAMLFactory()));

    private Json() {}

    public static byte[] bytes(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot be written as JSON", e);
        }
    }

    public static String text(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot be written as JSON", e);
        }
    }

    /** @throws UncheckedIOException when {@code json} does not fit {@code type} */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("is not a " + type.getSimpleName(), e);
        }
    }

    /** @throws UncheckedIOException when {@code json} does not fit {@code type} */
    public static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("is not a " + type.getSimpleName(), e);
        }
    }

    /** @throws UncheckedIOException when {@code json} is not JSON */
    public static JsonNode tree(String json) {
        return read(json, JsonNode.class);
    }

    private static ObjectMapper configure(ObjectMapper mapper) {
        return mapper.registerModules(new JavaTimeModule(), new Jdk8Module())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true))
                .addMixIn(TenantId.class, IdText.class)
                .addMixIn(KeyId.class, IdText.class)
                .addMixIn(MemberId.class, IdText.class)
                .addMixIn(ListingState.class, ListingStateShape.class)
                .addMixIn(FieldChange.class, FieldChangeShape.class)
                .addMixIn(Problem.class, ProblemShape.class);
    }

    private abstract static class IdText {
        @JsonCreator
        IdText(@SuppressWarnings("unused") String value) {}

        @JsonValue
        abstract String value();
    }

    @SuppressWarnings("UnusedMethod")
    @JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private abstract static class ListingStateShape {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<FieldChange> changes();

        @JsonIgnore
        abstract boolean isSimulated();
    }

    @JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
    private abstract static class FieldChangeShape {}

    @SuppressWarnings("UnusedMethod")
    private abstract static class ProblemShape {
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        abstract String requestId();

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<FieldError> errors();
    }
}
