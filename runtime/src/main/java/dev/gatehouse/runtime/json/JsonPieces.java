package dev.gatehouse.runtime.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a JSON text apart into the texts of its parts without reading them, so that a part that nothing can read does not
 * take the others with it. However deep a part is nested, and however long its texts and numbers are, it is skipped as a
 * whole.
 */
public final class JsonPieces {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonPieces() {}

    /**
     * The values of an object by their names; of a name that is there twice, the last.
     *
     * @throws IOException when the text is not one JSON object
     */
    public static Map<String, byte[]> ofObject(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the text is not a JSON object");
            }
            Map<String, byte[]> parts = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                parts.put(name, piece(parser, json));
            }
            return parts;
        }
    }

    /**
     * The elements of a list.
     *
     * @throws IOException when the text is not one JSON array
     */
    public static List<byte[]> ofList(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("the text is not a JSON array");
            }
            List<byte[]> parts = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parts.add(piece(parser, json));
            }
            return parts;
        }
    }

    private static byte[] piece(JsonParser parser, byte[] json) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        // a text or a number is read to its end only when it is asked for
        parser.finishToken();
        return Arrays.copyOfRange(json, start, (int) parser.currentLocation().getByteOffset());
    }

    /**
     * What an object says under a name, when that is a text or a number: as much as can be told of a record that cannot be
     * read, such as its id.
     *
     * @param longest a longer one is not taken
     */
    public static Optional<String> textOf(byte[] json, String name, int longest) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean here = name.equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (here) {
                    @Nullable String text = value.isScalarValue() ? parser.getValueAsString() : null;
                    return Optional.ofNullable(text).filter(t -> t.length() <= longest);
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            // what comes behind the damage is not looked for
        }
        return Optional.empty();
    }
}
