package dev.gatehouse.portal.reference;

import java.util.List;
import java.util.Map;

/**
 * An operation of a description, as its page shows it.
 *
 * @param id operation id
 * @param api the description's name within the reference, as in {@code listings-v2}
 * @param scope the service that a key must be allowed to call; empty for none
 * @param bodies request bodies by media type
 * @param answers by status, in the description's order
 */
public record Operation(
        String id,
        String api,
        String method,
        String path,
        String summary,
        String description,
        int cost,
        String scope,
        boolean deprecated,
        List<Parameter> parameters,
        Map<String, Shape> bodies,
        List<Answer> answers) {

    /**
     * @param in {@code path}, {@code query} or {@code header}
     * @param type in words, as in {@code integer, 1 to 500}
     * @param usual the default; empty when there is none
     * @param choices when only some values are taken
     */
    public record Parameter(
            String name,
            String in,
            boolean required,
            String type,
            String description,
            String usual,
            List<String> choices) {}

    /** @param bodies by media type */
    public record Answer(String status, String description, Map<String, Shape> bodies) {}

    /**
     * A body's shape, flat, for a table.
     *
     * @param example JSON, indented; empty when none could be made
     */
    public record Shape(List<Row> rows, String example) {}

    /** @param depth how deep the field stands, 0 for the outermost */
    public record Row(String name, int depth, String type, boolean required, String description) {}

    /** What a search looks through. */
    String words() {
        StringBuilder text =
                new StringBuilder(id).append(' ').append(method).append(' ').append(path);
        text.append(' ').append(summary).append(' ').append(description);
        parameters.forEach(parameter -> text.append(' ').append(parameter.name()));
        return text.toString().toLowerCase(java.util.Locale.ROOT);
    }
}
