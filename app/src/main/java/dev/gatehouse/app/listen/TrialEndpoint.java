package dev.gatehouse.app.listen;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A webhook endpoint that leads to this machine for as long as somebody listens, made and deleted with a tenant's key. */
public final class TrialEndpoint implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PATH = "/v2/webhooks/endpoints";

    private final HttpCaller caller;
    private final Map<String, String> headers;
    private final URI endpoint;
    private final SignatureCheck check;

    private TrialEndpoint(HttpCaller caller, Map<String, String> headers, URI endpoint, SignatureCheck check) {
        this.caller = caller;
        this.headers = headers;
        this.endpoint = endpoint;
        this.check = check;
    }

    /**
     * @param gateway where the API is
     * @param receiver where deliveries go
     * @param types of events; empty for all
     * @throws IOException when it cannot be made; the message says why
     */
    public static TrialEndpoint make(Vertx vertx, URI gateway, String key, URI receiver, List<String> types)
            throws IOException {
        HttpCaller caller = new HttpCaller(vertx, PATIENCE);
        Map<String, String> headers = Map.of("Authorization", "Bearer " + key, "Content-Type", "application/json");
        try {
            byte[] body = Json.bytes(
                    Map.of("url", receiver.toString(), "eventTypes", types, "description", "gatehouse listen"));
            HttpCaller.Answer answer = caller.send("POST", gateway.resolve(PATH), headers, body);
            JsonNode said = Json.tree(new String(answer.body(), StandardCharsets.UTF_8));
            if (answer.status() != 201) {
                throw new IOException(words(said, answer.status()));
            }
            return new TrialEndpoint(
                    caller,
                    headers,
                    gateway.resolve(PATH + "/" + said.at("/data/id").asText()),
                    new SignatureCheck(said.at("/data/secret").asText()));
        } catch (IOException | RuntimeException e) {
            caller.close();
            throw e;
        }
    }

    /**
     * The name of the tenant whose key it is.
     *
     * @throws IOException when the key is refused; the message says why
     */
    public static String tenant(Vertx vertx, URI gateway, String key) throws IOException {
        try (HttpCaller caller = new HttpCaller(vertx, PATIENCE)) {
            HttpCaller.Answer answer = caller.get(gateway.resolve(PATH), Map.of("Authorization", "Bearer " + key));
            String tenant = answer.headers().get("X-RateLimit-Tenant");
            if (tenant == null || !answer.isSuccess()) {
                throw new IOException(
                        words(Json.tree(new String(answer.body(), StandardCharsets.UTF_8)), answer.status()));
            }
            return tenant;
        }
    }

    private static String words(JsonNode problem, int status) {
        StringBuilder text = new StringBuilder(problem.path("detail").asText("The API answered " + status + "."));
        problem.path("errors")
                .forEach(error -> text.append(' ')
                        .append(error.path("field").asText())
                        .append(": ")
                        .append(error.path("message").asText())
                        .append('.'));
        return text.toString();
    }

    public SignatureCheck check() {
        return check;
    }

    public String id() {
        return endpoint.getPath().substring(PATH.length() + 1);
    }

    /**
     * Has an example of an event type sent to it.
     *
     * @throws IOException when it cannot be; the message says why
     */
    public void sendTest(String type) throws IOException {
        HttpCaller.Answer answer =
                caller.send("POST", URI.create(endpoint + "/test"), headers, Json.bytes(Map.of("type", type)));
        if (answer.status() != 202) {
            throw new IOException(words(Json.tree(new String(answer.body(), StandardCharsets.UTF_8)), answer.status()));
        }
    }

    /** Deletes the endpoint. */
    @Override
    public void close() throws IOException {
        try {
            caller.send("DELETE", endpoint, headers, new byte[0]);
        } finally {
            caller.close();
        }
    }
}
