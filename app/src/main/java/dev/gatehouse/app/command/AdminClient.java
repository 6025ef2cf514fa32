package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The admin API from outside. Each change carries an idempotency key, so that a repeated one is done once. */
final class AdminClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG_PATIENCE = Duration.ofHours(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final URI base;
    private final String token;

    AdminClient(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    JsonNode get(String path) {
        return send("GET", path, null, PATIENCE);
    }

    /** Asks for what may take long, such as a walk over the whole ledger. */
    JsonNode getPatiently(String path) {
        return send("GET", path, null, LONG_PATIENCE);
    }

    /** @param body what becomes the JSON body; null for none */
    JsonNode change(String method, String path, @Nullable Object body) {
        return send(method, path, body, PATIENCE);
    }

    /** Makes a change that may take long. */
    JsonNode changePatiently(String method, String path, @Nullable Object body) {
        return send(method, path, body, LONG_PATIENCE);
    }

    private JsonNode send(String method, String path, @Nullable Object body, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/admin/v1" + path))
                .timeout(patience)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
        if (!method.equals("GET")) {
            request.header("Idempotency-Key", PrefixedId.next("idem", InstantSource.system()));
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return read(answer);
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.NOT_RUNNING,
                    "Nothing answers at " + base + ". Is gatehouse up there? Start it with: gatehouse up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "interrupted");
        }
    }

    private static JsonNode read(HttpResponse<String> answer) {
        String body = answer.body();
        JsonNode tree = body.isBlank() ? Json.MAPPER.createObjectNode() : Json.tree(body);
        int status = answer.statusCode();
        if (status < 300) {
            return tree;
        }
        throw new CommandFailure(exitOf(status), sentence(tree, status));
    }

    private static int exitOf(int status) {
        return switch (status) {
            case 400 -> Exit.USAGE;
            case 404 -> Exit.NOT_FOUND;
            case 401, 403, 409, 422 -> Exit.REFUSED;
            default -> Exit.FAILED;
        };
    }

    private static String sentence(JsonNode problem, int status) {
        StringJoiner text = new StringJoiner("\n");
        text.add(problem.path("detail").asText("The admin API answered " + status + "."));
        for (JsonNode error : problem.path("errors")) {
            text.add("  " + error.path("field").asText() + ": "
                    + error.path("message").asText());
        }
        if (status >= 500) {
            text.add("  request id: " + problem.path("requestId").asText("none"));
        }
        return text.toString();
    }
}
