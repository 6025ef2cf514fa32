package dev.gatehouse.engines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiOperation;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Calls a service in tests as the gateway and as other processes do, over HTTP. Every answer of a described operation is held
 * against its description, and a fault in it is an {@link AssertionError}.
 */
public final class ServiceForTests {
    /** Of every installation in tests. */
    public static final InternalSecrets SECRETS =
            new InternalSecrets("a test's master secret, 32 bytes and more".getBytes(StandardCharsets.UTF_8));

    private final String name;
    private final Supplier<URI> service;
    private final InstantSource clock;
    private final List<ApiDescription> descriptions;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param name as callers' identities are sealed for it
     * @param service where it is now; a test may start it again
     */
    public ServiceForTests(String name, Supplier<URI> service, InstantSource clock, List<ApiDescription> descriptions) {
        this.name = name;
        this.service = service;
        this.clock = clock;
        this.descriptions = List.copyOf(descriptions);
    }

    /** What was answered. */
    public record Answer(int status, HttpResponse<String> raw) {
        public JsonNode json() {
            return Json.tree(raw.body());
        }

        /** Empty when the answer lacks it. */
        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    /**
     * Who calls.
     *
     * @param fields field groups of the caller's plan
     */
    public record Caller(TenantId tenant, KeyMode mode, Set<String> fields) {
        /** A new tenant's live key with all fields. */
        public static Caller live() {
            return new Caller(TenantId.next(InstantSource.system()), KeyMode.LIVE, Set.of("*"));
        }

        /** The same tenant's key of a plan with these fields. */
        public Caller with(String... groups) {
            return new Caller(tenant, mode, Set.of(groups));
        }

        /** The same tenant's test-mode key. */
        public Caller testing() {
            return new Caller(tenant, KeyMode.TEST, fields);
        }
    }

    /** A GET's example in a description, named by its call, as in {@code GET /v2/listings?limit=1}. */
    public record Example(String call, JsonNode answer) {}

    /** Calls on behalf of a tenant. @param headers names and values in turn */
    public Answer call(Caller caller, String method, String path, String body, String... headers) {
        CallerIdentity identity = new CallerIdentity(
                caller.tenant(),
                "acme-corp",
                "growth",
                KeyId.next(clock),
                caller.mode(),
                Set.of("*"),
                caller.fields(),
                "req_1",
                clock.instant());
        URI address = service.get().resolve(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header(
                        IdentitySeal.HEADER,
                        new IdentitySeal(SECRETS, name).seal(identity, SealedCall.to(method, address)))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        Answer answer = send(request);
        check(method, path.split("\\?", 2)[0], answer);
        return answer;
    }

    /** Calls as another process of the installation. */
    public Answer internal(String method, String path, String body) {
        return send(HttpRequest.newBuilder(service.get().resolve(path))
                .header(InternalSecrets.PROCESS_HEADER, SECRETS.processToken())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Calls without a gateway's word. */
    public Answer fromNobody(String path) {
        return send(HttpRequest.newBuilder(service.get().resolve(path)));
    }

    /** The examples of all successful answers of GET operations, in the order of the descriptions. */
    public List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (ApiDescription description : descriptions) {
            for (JsonNode path : description.document().path("paths")) {
                path.at("/get/responses/200/content/application~1json/examples").forEach(named -> {
                    JsonNode example = named.has("$ref")
                            ? description
                                    .document()
                                    .at(named.path("$ref").asText().substring(1))
                            : named;
                    examples.add(new Example(example.path("summary").asText(), example.path("value")));
                });
            }
        }
        return examples;
    }

    /**
     * Makes the call of each example with a test-mode key.
     *
     * @return for each that is answered otherwise what the description should say
     */
    public List<String> untrueExamples() {
        List<String> untrue = new ArrayList<>();
        if (examples().isEmpty()) {
            throw new AssertionError("the descriptions have no examples");
        }
        for (Example example : examples()) {
            String path = example.call().replaceFirst("^GET ", "");
            String real = call(Caller.live().testing(), "GET", path, "").raw().body();
            if (!example.answer().equals(ServiceForTests::compare, Json.tree(real))) {
                untrue.add(example.call() + "\n" + real);
            }
        }
        return untrue;
    }

    /** YAML and JSON are read into other kinds of numbers. */
    private static int compare(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue())
                : one.equals(other) ? 0 : 1;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void check(String method, String path, Answer answer) {
        for (ApiDescription description : descriptions) {
            for (ApiOperation operation : description.operations()) {
                if (operation.method().equals(method) && isOf(operation, path)) {
                    List<String> faults = description.faults(
                            operation.id(),
                            answer.status(),
                            answer.header("content-type"),
                            answer.raw().body());
                    if (!faults.isEmpty()) {
                        throw new AssertionError(method + " " + path + " answered "
                                + answer.raw().body() + ", which its description does not know: " + faults);
                    }
                }
            }
        }
    }

    /** A path without parameters belongs to its own operation only. */
    private boolean isOf(ApiOperation operation, String path) {
        return path.equals(operation.path())
                || (path.matches(operation.path().replaceAll("\\{[^}]+}", "[^/]+"))
                        && descriptions.stream()
                                .flatMap(description -> description.operations().stream())
                                .noneMatch(other -> path.equals(other.path())));
    }
}
