package dev.gatehouse.directory.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.RunningDirectory.Answer;
import dev.gatehouse.runtime.api.ApiOperation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Goes over the operations that the description has: one that is added is tried here, or this fails. */
@DisplayName("Every operation of the admin API")
class EveryChangeTest {
    @SuppressWarnings("NullAway.Init")
    private static RunningDirectory running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningDirectory.start();
    }

    @AfterAll
    static void stop() throws Exception {
        running.close();
    }

    /** A change that can be made now. */
    private record Example(String path, @Nullable Object body) {}

    private static String tenant() {
        return ok(running.admin("createTenant", "POST", "/tenants", Map.of("name", "Every change", "plan", "growth")))
                .path("slug")
                .asText();
    }

    private static String key() {
        return ok(running.admin("createKey", "POST", "/tenants/" + tenant() + "/keys", Map.of("name", "a key")))
                .path("id")
                .asText();
    }

    private static String operator() {
        return ok(running.admin(
                        "createOperatorToken", "POST", "/operator-tokens", Map.of("name", "x", "role", "viewer")))
                .path("id")
                .asText();
    }

    private static Object route() {
        return Map.of(
                "prefixes",
                List.of("/v1/every-" + UUID.randomUUID()),
                "pools",
                List.of(Map.of("name", "default", "targets", List.of("http://127.0.0.1:9000"))));
    }

    private static JsonNode ok(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
        return answer.json();
    }

    private static Example example(String operation) {
        return switch (operation) {
            case "createTenant" -> new Example("/tenants", Map.of("name", "Made once", "plan", "growth"));
            case "suspendTenant" -> new Example("/tenants/" + tenant() + "/suspend", null);
            case "resumeTenant" -> {
                String slug = tenant();
                ok(running.admin("suspendTenant", "POST", "/tenants/" + slug + "/suspend", null));
                yield new Example("/tenants/" + slug + "/resume", null);
            }
            case "setTenantPlan" -> new Example("/tenants/" + tenant() + "/plan", Map.of("plan", "scale"));
            case "setTenantLimits" -> new Example("/tenants/" + tenant() + "/limits", Map.of("daily", 12_345));
            case "setTenantPools" -> new Example("/tenants/" + tenant() + "/pools", Map.of("listings", "other"));
            case "createKey" -> new Example("/tenants/" + tenant() + "/keys", Map.of("name", "made once"));
            case "revokeKey" -> new Example("/keys/" + key() + "/revoke", null);
            case "rotateKey" -> new Example("/keys/" + key() + "/rotate", null);
            case "putRoute" ->
                new Example("/routes/every-" + UUID.randomUUID().toString().substring(0, 8), route());
            case "deleteRoute" -> {
                ok(running.admin("putRoute", "PUT", "/routes/every-gone", route()));
                yield new Example("/routes/every-gone", null);
            }
            case "createOperatorToken" -> new Example("/operator-tokens", Map.of("name", "once", "role", "viewer"));
            case "revokeOperatorToken" -> new Example("/operator-tokens/" + operator() + "/revoke", null);
            default -> throw new AssertionError("there is no example of " + operation + ": add one");
        };
    }

    static Stream<ApiOperation> changes() {
        return AdminApi.description().operations().stream()
                .filter(operation -> !operation.method().equals("GET"))
                // these need a record that a process has set aside
                .filter(operation -> !operation.path().startsWith("/admin/v1/set-aside"));
    }

    static Stream<ApiOperation> operations() {
        return AdminApi.description().operations().stream();
    }

    private static Answer send(
            ApiOperation operation, String path, @Nullable Object body, @Nullable String idempotency) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + RunningDirectory.OWNER);
        headers.put("Content-Type", "application/json");
        if (idempotency != null) {
            headers.put("Idempotency-Key", idempotency);
        }
        return RunningDirectory.send(
                running.module().adminUri().resolve("/admin/v1" + path), operation.method(), body, headers);
    }

    /** The newest records of an operation. */
    private static List<JsonNode> audit(String operation) {
        JsonNode page = ok(running.admin("listAudit", "GET", "/audit?limit=200", null));
        return Stream.iterate(0, i -> i + 1)
                .limit(page.path("data").size())
                .map(page.path("data")::get)
                .filter(record -> record.path("operation").asText().equals(operation))
                .toList();
    }

    @Test
    @DisplayName("declares roles, dryRun, reason and Idempotency-Key where it changes something")
    void contract() {
        assertThat(ChangeContract.faults(AdminApi.description())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("changes")
    @DisplayName(
            "changes nothing on a trial run, is made once under its key, refuses the key for another, and is noted with why")
    void everyChange(ApiOperation operation) {
        Example example = example(operation.id());
        int noted = audit(operation.id()).size();
        long version = running.changesAfter(0).version();
        Answer trial = send(operation, example.path() + "?dryRun=true&reason=a+trial", example.body(), null);
        assertThat(trial.status()).as(trial.text()).isEqualTo(200);
        assertThat(trial.json().path("dryRun").asBoolean()).isTrue();
        assertThat(running.changesAfter(0).version()).isEqualTo(version);
        assertThat(audit(operation.id())).hasSize(noted);

        String key = UUID.randomUUID().toString();
        Answer first = send(operation, example.path() + "?reason=the+reason", example.body(), key);
        assertThat(first.status()).as(first.text()).isBetween(200, 299);
        long after = running.changesAfter(0).version();
        Answer again = send(operation, example.path() + "?reason=the+reason", example.body(), key);
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.raw().headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(running.changesAfter(0).version()).isEqualTo(after);

        Answer other = send(operation, example.path() + "?reason=another", example.body(), key);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("idempotency_mismatch");

        List<JsonNode> records = audit(operation.id());
        assertThat(records).hasSize(noted + 1);
        JsonNode record = records.stream()
                .filter(one -> one.path("reason").asText().equals("the reason"))
                .findFirst()
                .orElseThrow();
        assertThat(record.path("actor").asText()).isEqualTo("operator:owner");
        assertThat(record.path("before").isNull() && record.path("after").isNull())
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("operations")
    @DisplayName("answers 401 to whoever has no token, whatever else is wrong with the request")
    void unauthenticated(ApiOperation operation) {
        for (String path : List.of(operation.path(), operation.path() + "?nonsense=1&a=%zz&dryRun=perhaps")) {
            for (Map<String, String> headers : List.of(
                    Map.of("Content-Type", "application/json"),
                    Map.of("Content-Type", "text/nonsense", "Authorization", "Bearer nobody"),
                    Map.of("Authorization", "Basic b3duZXI6eA==", "Idempotency-Key", "not a\tkey"))) {
                Answer answer = RunningDirectory.send(
                        java.net.URI.create(running.module().adminUri()
                                + path.replace("{", "%7B").replace("}", "%7D").replace("%zz", "%25zz")),
                        operation.method(),
                        "{not json".repeat(1_000),
                        headers);
                assertThat(answer.status()).as(operation.method() + " " + path).isEqualTo(401);
            }
        }
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({
        "GET, /admin/v1/nothing",
        "BREW, /admin/v1/tenants",
        "POST, /",
        "DELETE, /admin/v1/plans",
        "GET, /admin/v1/status",
        "GET, /admin/v1/openapi.yaml"
    })
    @DisplayName("and whatever is no operation at all answers 401 without a token too")
    void nothingAtAll(String method, String path) {
        assertThat(RunningDirectory.send(running.module().adminUri().resolve(path), method, null, Map.of())
                        .status())
                .isEqualTo(401);
    }

    @Test
    @DisplayName("one operator's Idempotency-Key is not another's")
    void keysOfOthers() {
        String token = ok(running.admin(
                        "createOperatorToken", "POST", "/operator-tokens", Map.of("name", "second", "role", "admin")))
                .path("token")
                .asText();
        Map<String, Object> body = Map.of("name", "Of two operators", "plan", "growth");
        String first = running.admin(
                        "createTenant",
                        "POST",
                        "/tenants",
                        body,
                        Map.of("Authorization", "Bearer " + RunningDirectory.OWNER, "Idempotency-Key", "the-same"))
                .json()
                .path("id")
                .asText();
        String second = running.admin(
                        "createTenant",
                        "POST",
                        "/tenants",
                        body,
                        Map.of("Authorization", "Bearer " + token, "Idempotency-Key", "the-same"))
                .json()
                .path("id")
                .asText();
        assertThat(second).isNotEmpty().isNotEqualTo(first);
    }
}
