package dev.gatehouse.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gatehouse.directory.change.Refusals;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads bodies that their description has found valid. */
record Fields(JsonNode body) {
    static Fields of(@Nullable JsonNode body) {
        return new Fields(body == null ? NullNode.getInstance() : body);
    }

    boolean has(String name) {
        return body.has(name);
    }

    @Nullable
    String text(String name) {
        return body.hasNonNull(name) ? body.path(name).asText() : null;
    }

    String text(String name, String otherwise) {
        return body.hasNonNull(name) ? body.path(name).asText() : otherwise;
    }

    int whole(String name, int otherwise) {
        return body.path(name).asInt(otherwise);
    }

    @Nullable
    Integer whole(String name) {
        return body.hasNonNull(name) ? body.path(name).asInt() : null;
    }

    @Nullable
    Long number(String name) {
        return body.hasNonNull(name) ? body.path(name).asLong() : null;
    }

    @Nullable
    Instant instant(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (instant.isBefore(Instant.parse("9999-01-01T00:00:00Z"))) {
                return instant;
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw Refusals.refused(name, "must be an instant before the year 9999, as in 2027-01-01T00:00:00Z");
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        body.path(name).forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
