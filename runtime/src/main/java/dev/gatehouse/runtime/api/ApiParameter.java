package dev.gatehouse.runtime.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of an operation.
 *
 * @param in {@code query}, {@code path} or {@code header}
 * @param type what its text is read as; arrays are comma lists ({@code style: form, explode: false})
 * @param otherwise the schema's {@code default}; null when it has none
 */
record ApiParameter(
        String name,
        String in,
        boolean required,
        Type type,
        Type itemType,
        JsonSchema schema,
        @Nullable JsonNode otherwise) {

    enum Type {
        TEXT("text"),
        INTEGER("a whole number"),
        NUMBER("a number"),
        SWITCH("true or false"),
        LIST("a comma list");

        final String words;

        Type(String words) {
            this.words = words;
        }
    }
}
