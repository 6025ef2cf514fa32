package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param headers in order, names may repeat
 */
public record Response(int status, List<Map.Entry<String, String>> headers, Body body) {

    /** What follows the head. */
    public sealed interface Body {
        @SuppressWarnings("ArrayRecordComponent")
        record Bytes(byte[] content) implements Body {}

        /** Written piece by piece; the writer blocks while the client is slow, and learns of its going by an IOException. */
        record Stream(Writer writer) implements Body {}
    }

    @FunctionalInterface
    public interface Writer {
        /** {@code out.flush()} sends what was written so far. */
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    public Response {
        headers = List.copyOf(headers);
    }

    public static Response json(int status, @Nullable Object value) {
        return bytes(status, "application/json", Json.bytes(value));
    }

    public static Response ok(@Nullable Object value) {
        return json(200, value);
    }

    public static Response html(int status, String page) {
        return bytes(status, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    public static Response text(int status, String text) {
        return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response bytes(int status, String contentType, byte[] content) {
        return new Response(status, List.of(Map.entry("Content-Type", contentType)), new Body.Bytes(content));
    }

    public static Response stream(int status, String contentType, Writer writer) {
        return new Response(status, List.of(Map.entry("Content-Type", contentType)), new Body.Stream(writer));
    }

    public static Response problem(Problem problem) {
        return bytes(problem.status(), Problem.MEDIA_TYPE, Json.bytes(problem));
    }

    public static Response noContent() {
        return empty(204);
    }

    public static Response notModified() {
        return empty(304);
    }

    /** 303: the page to look at after a form was taken. */
    public static Response seeOther(String location) {
        return empty(303).with("Location", location);
    }

    private static Response empty(int status) {
        return new Response(status, List.of(), new Body.Bytes(new byte[0]));
    }

    public Response with(String header, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(header, value));
        return new Response(status, more, body);
    }
}
