package dev.gatehouse.metering.accesslog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * One JSON object a line.
 *
 * @param caller the field that tells whose a call is; dots lead into objects
 * @param time RFC 3339, or seconds or milliseconds since 1970
 * @param status the answer's status
 */
public record JsonLinesFormat(String caller, String time, String status) implements LogFormat {
    private static final double MILLIS_FROM = 1e11;

    @Override
    public LogLine read(String line) {
        JsonNode object;
        try {
            object = Json.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return new LogLine.Broken("is not JSON");
        }
        if (object == null || !object.isObject()) {
            return new LogLine.Broken("is no JSON object");
        }
        Optional<Instant> at = instant(field(object, time));
        if (at.isEmpty()) {
            return new LogLine.Broken("its field " + time + " is no time");
        }
        int code = field(object, status).asInt(0);
        if (code < 100 || code > 599) {
            return new LogLine.Broken("its field " + status + " is no status");
        }
        return new LogLine.Call(field(object, caller).asText(""), at.get(), code);
    }

    private static JsonNode field(JsonNode object, String path) {
        JsonNode found = object.path(path);
        if (!found.isMissingNode()) {
            return found;
        }
        found = object;
        for (String part : path.split("\\.")) {
            found = found.path(part);
        }
        return found;
    }

    private static Optional<Instant> instant(JsonNode value) {
        try {
            if (value.isNumber() || value.asText().matches("\\d{9,13}(\\.\\d{1,9})?")) {
                double number = value.asDouble();
                double seconds = number >= MILLIS_FROM ? number / 1_000 : number;
                return seconds > 0 && seconds < MILLIS_FROM
                        ? Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1_000)))
                        : Optional.empty();
            }
            return Optional.of(OffsetDateTime.parse(value.asText()).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
